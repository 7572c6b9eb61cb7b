/** State machines of Step Functions: what their table does not say. */
import * as sdk from '@aws-sdk/client-sfn';
import type { Subject } from './kind.ts';
import { kindsOf } from './table.ts';

/** Tracing that the manifest does not name is off. */
const withTracing = (subject: Subject): Subject => ({
  ...subject,
  spec: { tracingConfiguration: { enabled: false }, ...subject.spec },
});

export const sfnKinds = kindsOf('sfn.yaml', sdk, {
  StateMachine: ({ find, send, whole, tagged, update }) => ({
    async find(subject) {
      const found = await find(subject);
      // AWS reports it always; an emulator that drops it must not look like drift.
      return found && { tracingConfiguration: subject.applied['tracingConfiguration'], ...found };
    },
    create: (subject) =>
      send(subject, 'createStateMachine', {
        name: subject.name,
        ...whole(withTracing(subject)),
        ...tagged(subject.spec),
      }),
    update: (subject) => update(withTracing(subject)),
  }),
});
