# Compilers are needed for hnswlib-node only, and stay in this stage.
FROM node:24-slim AS build
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
# Node's headers come with the image: node-gyp need not download them.
ENV npm_config_nodedir=/usr/local
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the scripts of the project itself: its sources come later, so that this layer is kept while they change.
RUN npm ci --omit=dev --ignore-scripts && npm rebuild hnswlib-node
COPY scripts scripts
COPY src src
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production \
    INDEX_DIR=/data/index \
    JOURNAL_DIR=/data/journal \
    MODEL_CACHE_DIR=/data/models \
    HEALTH_FILE=/tmp/dragoman-health.json
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY embeddings/model embeddings/model
COPY corpus corpus
# The user `node`, by its number: Kubernetes asks for it with `runAsNonRoot`.
USER 1000:1000
VOLUME /data
# The bot rewrites the file every 15 seconds while it is connected. The first start builds the index.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m \
  CMD test -n "$(find "$HEALTH_FILE" -mmin -1 2>/dev/null)"
CMD ["node", "dist/main.js"]
