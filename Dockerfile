# syntax=docker/dockerfile:1
# One image for service, monitor, trainer, traffic and the command line; the command chooses (see docker-compose.yml).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && chmod +x dist/cli/main.js

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional packages are the embedded Postgres, which a container has no use for. onnxruntime-node brings the libraries of
# every platform: four fifths of its size.
RUN npm ci --omit=dev --omit=optional --ignore-scripts \
 && cd node_modules/onnxruntime-node/bin/napi-v6 \
 && find . -mindepth 2 -maxdepth 2 -type d ! -path "./linux/$(node -p process.arch)" -exec rm -r {} +

FROM ${NODE_IMAGE} AS app
# The second gives the memory of replaced models back: docs/decisions/0011-swap-memory.md.
ENV NODE_ENV=production MALLOC_MMAP_THRESHOLD_=131072
WORKDIR /app
RUN mkdir /data && chown node:node /data && ln -s /app/dist/cli/main.js /usr/local/bin/plumbline
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY core/postgres/migrations core/postgres/migrations
COPY monitor/console/assets monitor/console/assets
COPY examples examples
COPY --from=build /app/dist dist
USER node
ENTRYPOINT ["node"]
CMD ["dist/service/main.js"]

# The same with Python for models whose retraining.command is plumbline-python-trainer: `docker build --target python-trainer`.
FROM app AS python-trainer
USER root
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv libgomp1 \
 && rm -rf /var/lib/apt/lists/*
COPY trainer/python /app/trainer/python
RUN python3 -m venv /opt/python-trainer \
 && /opt/python-trainer/bin/pip install --no-cache-dir --requirement trainer/python/requirements.txt \
 && printf '#!/bin/sh\nexec /opt/python-trainer/bin/python /app/trainer/python/main.py --end-with-stdin "$@"\n' \
    > /usr/local/bin/plumbline-python-trainer \
 && chmod +x /usr/local/bin/plumbline-python-trainer
USER node
CMD ["dist/trainer/main.js"]

# What a build without a target makes.
FROM app
