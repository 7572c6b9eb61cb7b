# The front of either emulator. The context is the folder `dist/front`.
FROM node:24.21.0-bookworm-slim
COPY main.js /front/main.js
USER node
ENTRYPOINT ["node", "/front/main.js"]
