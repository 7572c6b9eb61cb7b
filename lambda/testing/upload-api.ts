/** The environment of an upload API for tests, with changes. */
export function apiEnv(changes: Record<string, string> = {}) {
  return {
    BUCKET: 'files-1a2b3c4d',
    TABLE_NAME: 'uploads',
    PARTITION_KEY: 'id',
    MAX_SIZE_BYTES: '1048576',
    EXPIRES_SECONDS: '300',
    AUTHORIZATION: 'None',
    ...changes,
  };
}
