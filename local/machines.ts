/** Runs the virtual machines of a pipeline on this machine, since the emulator has only the metadata of EC2. */

import type { Instance } from '@aws-sdk/client-ec2';
import { vmParameters } from '../lambda/vm/parameters.ts';
import { PIPELINE_TAG, UPLOAD_TAG } from '../lambda/vm/tags.ts';
import { userData } from '../lambda/vm/user-data.ts';
import { messageOf } from '../tools/errors.ts';
import type { Clients } from './aws.ts';
import { runUserData, type SandboxOptions, type SandboxOutcome } from './vm.ts';

export interface MachinesOptions {
  readonly clients: Pick<Clients, 'ec2' | 'lambda' | 'endpoint' | 'region'>;
  /** The name of the pipeline's function launch-instance. */
  readonly launcher: string;
  /** `<namespace>/<name>`. */
  readonly pipeline: string;
  /** Called for each virtual machine that ended. */
  readonly onEnd?: (machine: string, outcome: SandboxOutcome) => void;
  readonly sandbox?: Omit<SandboxOptions, 'endpoint' | 'signal'>;
}

export interface Machines {
  /** Ends all virtual machines and stops looking for new ones. Rejects with an error that occurred in the meantime. */
  stop(): Promise<void>;
}

const LOOK_MS = 300;

/** The user data of a virtual machine. The emulator drops it, so it is built again from the launcher's inputs. */
async function userDataOf(machine: Instance, { clients, launcher }: MachinesOptions): Promise<string> {
  const { Environment } = await clients.lambda.getFunctionConfiguration({ FunctionName: launcher });
  const upload = machine.Tags?.find(({ Key }) => Key === UPLOAD_TAG)?.Value;
  if (upload === undefined) throw new Error(`${machine.InstanceId} has no tag ${UPLOAD_TAG}`);
  // Lambda itself sets the region. The function's configuration does not contain it.
  return userData(upload, vmParameters({ ...Environment?.Variables, AWS_REGION: clients.region }));
}

async function liveMachines({ clients, pipeline }: MachinesOptions): Promise<Instance[]> {
  const { Reservations } = await clients.ec2.describeInstances({
    Filters: [
      { Name: `tag:${PIPELINE_TAG}`, Values: [pipeline] },
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
    ],
  });
  return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
}

/**
 * Looks for virtual machines of a pipeline and runs the user data of each, once. A virtual machine that shuts down is terminated,
 * like in EC2. The process of one that somebody else terminates is ended.
 */
export function startMachines(options: MachinesOptions): Machines {
  const { clients } = options;
  const stopping = new AbortController();
  const seen = new Set<string>();
  const running = new Map<string, AbortController>();
  const ended: Promise<void>[] = [];
  const problems: unknown[] = [];
  // Ctrl-C ends the emulator too. Failures after that are not errors.
  const note = (error: unknown): void => {
    if (!stopping.signal.aborted) problems.push(error);
  };

  const boot = async (id: string, machine: Instance, signal: AbortSignal): Promise<void> => {
    const text = await userDataOf(machine, options);
    const outcome = await runUserData(text, { ...options.sandbox, endpoint: clients.endpoint, signal });
    running.delete(id);
    if (outcome.shutdowns.includes('-P now')) {
      await clients.ec2.terminateInstances({ InstanceIds: [id] });
    }
    options.onEnd?.(id, outcome);
  };

  const look = async (): Promise<void> => {
    const live = await liveMachines(options);
    for (const machine of live) {
      const id = machine.InstanceId ?? '';
      if (seen.has(id)) continue;
      seen.add(id);
      const ending = new AbortController();
      running.set(id, ending);
      ended.push(boot(id, machine, ending.signal).catch(note));
    }
    for (const [id, ending] of running) {
      if (!live.some(({ InstanceId }) => InstanceId === id)) ending.abort();
    }
  };

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch(note);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        stopping.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await looking;
      for (const ending of running.values()) ending.abort();
      await Promise.all(ended);
      if (problems.length > 0) {
        const why = new Set(problems.map((one) => messageOf(one)));
        throw new AggregateError(problems, `machines could not be run: ${[...why].join('; ')}`);
      }
    },
  };
}
