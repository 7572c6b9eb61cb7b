import { type GetObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { BUCKET } from './records.ts';

/** The fields of an object that a test can set. All others have fixed values. */
export interface ObjectFields {
  readonly key: string;
  readonly body: Uint8Array;
  readonly versionId?: string;
}

/** The input of a task for an object, in the form of start-workflow. */
export function objectInput({ key, body, versionId = 'v1' }: ObjectFields) {
  return {
    bucket: BUCKET,
    key,
    size: body.length,
    eTag: 'd41d8cd98f00b204e9800998ecf8427e',
    versionId,
    sequencer: '000000000000000055AED6DCD90281E5',
    eventTime: '2026-01-02T03:04:05.678Z',
  };
}

/**
 * A stand-in for S3 with one object. It sends the requested range in chunks and keeps what is put. `refuse` throws the error
 * for a read.
 */
export function oneObject(body: Uint8Array, refuse: () => Error | undefined = () => undefined) {
  const gets: GetObjectCommand['input'][] = [];
  const puts: PutObjectCommandInput[] = [];
  const chunksOf = (bytes: Uint8Array) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.subarray(at, at + 1_000));
        controller.close();
      },
    });
  async function send(
    command: GetObjectCommand,
  ): Promise<{ Body: { transformToWebStream(): ReadableStream } }>;
  async function send(command: PutObjectCommand): Promise<{ $metadata: object }>;
  async function send(command: GetObjectCommand | PutObjectCommand) {
    if (command instanceof PutObjectCommand) {
      puts.push(command.input);
      return { $metadata: {} };
    }
    const error = refuse();
    if (error) throw error;
    gets.push(command.input);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(command.input.Range ?? '') ?? [];
    const sent = from === undefined ? body : body.subarray(Number(from), Number(to) + 1);
    return { Body: { transformToWebStream: () => chunksOf(sent) } };
  }
  return { s3: { send }, gets, puts };
}
