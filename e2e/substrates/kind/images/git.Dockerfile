# git's own server for one bare repository, which is mounted read-only below /srv/git.
ARG BASE_IMAGE=debian:12.12-slim
FROM ${BASE_IMAGE}
# The repository is of the user who runs the tests, and git serves nobody else's without being told to.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system safe.directory '*'
EXPOSE 9418
ENTRYPOINT ["git", "daemon", "--verbose", "--informative-errors", "--export-all", "--base-path=/srv/git", "/srv/git"]
