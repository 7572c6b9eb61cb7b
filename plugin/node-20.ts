/**
 * Lets the libraries load on Node 20, which people still have. undici, of the Kubernetes client, wants two functions of Node 22 when it is
 * loaded: Zstandard, which no API server sends unasked, and a mark that matters to worker threads only. The AWS SDK works and warns.
 */
import threads from 'node:worker_threads';
import zlib from 'node:zlib';

if (!('createZstdDecompress' in zlib)) {
  const createZstdDecompress = () => {
    throw new Error('the API server sent Zstandard, which needs Node 22 or newer. Update Node.');
  };
  Object.assign(zlib, { createZstdDecompress });
}
if (!('markAsUncloneable' in threads)) {
  Object.assign(threads, { markAsUncloneable() {} });
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
}
