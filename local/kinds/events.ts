/** Rules of EventBridge and their targets: what their table does not say. */
import { needText } from '../fields.ts';
import type { Subject } from './kind.ts';
import { kindsOf } from './table.ts';

const place = (fields: Subject['spec']) => ({
  EventBusName: needText(fields, 'EventBusName'),
  Rule: needText(fields, 'Rule'),
});

export const eventKinds = kindsOf(
  'events.yaml',
  {},
  {
    Target({ address, whole }) {
      const put = async ({ clients, ...subject }: Subject): Promise<string> => {
        const target = whole({ clients, ...subject });
        const [Id, Arn] = [needText(target, 'TargetId'), needText(target, 'Arn')];
        const { EventBusName, Rule } = place(target);
        const { FailedEntries = [] } = await clients.events.putTargets({
          EventBusName,
          Rule,
          Targets: [{ Id, Arn }],
        });
        const [failed] = FailedEntries;
        if (failed)
          throw new Error(`target ${Id} of rule ${Rule}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
        return `${EventBusName}/${Rule}/${Id}`;
      };
      return {
        async find(subject) {
          const { TargetId, ...where } = address(subject);
          const { Targets = [] } = await subject.clients.events.listTargetsByRule(place(where));
          const found = Targets.find(({ Id }) => Id === TargetId);
          return found && { ...found };
        },
        create: put,
        update: put,
        remove(subject) {
          const { TargetId, ...where } = address(subject);
          return subject.clients.events.removeTargets({ ...place(where), Ids: [String(TargetId)] });
        },
      };
    },
  },
);
