# The front of either emulator. The context is the folder `dist/front`.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
FROM ${NODE_IMAGE}
COPY main.js /front/main.js
# node of the base image, by its number: another base may have no such name.
USER 1000:1000
ENTRYPOINT ["node", "/front/main.js"]
