# MiniStack with the Node that runs its Lambda functions. The context is the folder `local`, whose requirements `make run` uses too.
FROM node:24.21.0-bookworm-slim AS node

FROM python:3.13-slim-bookworm
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY requirements.txt /requirements.txt
RUN pip install --no-cache-dir --disable-pip-version-check --requirement /requirements.txt
ENV PYTHONUNBUFFERED=1
EXPOSE 4566
ENTRYPOINT ["ministack"]
