# MiniStack with the Node that runs its Lambda functions. The context is the folder `local`, whose requirements `make run` uses too.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${NODE_IMAGE} AS node

FROM ${PYTHON_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY requirements.txt /requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --requirement /requirements.txt
ENV PYTHONUNBUFFERED=1
EXPOSE 4566
ENTRYPOINT ["ministack"]
