# The front of either emulator. The context is the folder `dist/front`.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
FROM ${NODE_IMAGE}
COPY main.js /front/main.js
USER node
ENTRYPOINT ["node", "/front/main.js"]
