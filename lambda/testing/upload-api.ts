/** The settings of an upload API that tests use, with what a test wants otherwise. */
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
