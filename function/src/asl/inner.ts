/** Parallel and Map states: what holds their machines, and a Map's reader, batcher and writer. */

import { type FieldError, forbidden, invalid, required, unsupported } from '../errors.ts';
import { at, isObject } from '../objects.ts';
import { checkArguments } from './call-arguments.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import { isDistributed, type Machine, objectsAt, type State } from './machine.ts';
import { checkPath, checkReferencePath } from './paths.ts';
import { below, suggestion } from './problem.ts';
import { expressOf, integrationOf } from './resource.ts';
import { type Check, jsonataObject, object, oneOf, orExpression, payloadTemplate, whole } from './values.ts';

/** What is wrong with the list of a Parallel state's branches. */
export function checkParallel({ value, path }: State): FieldError[] {
  const branches = value['Branches'];
  const here = below(path, 'Branches');
  if (branches === undefined) return [];
  if (!Array.isArray(branches) || branches.length === 0 || objectsAt(branches, here).length < branches.length)
    return [
      invalid(here, branches, 'must be a list of branches. Write at least one, with StartAt and States.'),
    ];
  return [];
}

/** The fields of an object, each with its check; others are problems. */
function checkObject(value: unknown, path: string, fields: Readonly<Record<string, Check>>): FieldError[] {
  if (value === undefined) return [];
  if (!isObject(value)) return object(value, path);
  return Object.entries(value).flatMap(([name, inner]) => {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check) return check(inner, below(path, name));
    return [invalid(below(path, name), inner, `unknown field. ${suggestion(name, Object.keys(fields))}`)];
  });
}

const calling =
  (...known: string[]): Check =>
  (value, path) => {
    const integration = integrationOf(value);
    const name = integration && `${integration.service}:${integration.action}`;
    return name !== undefined && known.includes(name)
      ? []
      : [
          unsupported(
            path,
            value,
            known.map((one) => `arn:aws:states:::${one}`),
          ),
        ];
  };

const anything: Check = () => [];

/** The fields that only a Distributed Map can have. */
const DISTRIBUTED = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

function checkMode(state: State, machine: Machine): FieldError[] {
  const { value, path } = state;
  const config = below(below(path, 'ItemProcessor'), 'ProcessorConfig');
  const mode = checkObject(at(value, 'ItemProcessor', 'ProcessorConfig'), config, {
    Mode: oneOf('INLINE', 'DISTRIBUTED'),
    ExecutionType: oneOf('STANDARD', 'EXPRESS'),
  });
  if (!isDistributed(value)) {
    const misplaced = DISTRIBUTED.filter((name) => Object.hasOwn(value, name));
    return [
      ...mode,
      ...misplaced.flatMap((name) => [
        forbidden(
          below(path, name),
          `only a Distributed Map has ${name}. Set ItemProcessor.ProcessorConfig.Mode: DISTRIBUTED, or remove it.`,
        ),
      ]),
    ];
  }
  if (machine.execution === 'Express') {
    const { who, standard } = expressOf(machine);
    const fix = `must be INLINE for ${who}. Use INLINE, or ${standard}.`;
    return [...mode, invalid(below(config, 'Mode'), 'DISTRIBUTED', fix)];
  }
  if (at(value, 'ItemProcessor', 'ProcessorConfig', 'ExecutionType') === undefined)
    return [
      ...mode,
      required(
        below(config, 'ExecutionType'),
        'a Distributed Map needs a type for its children. Set STANDARD or EXPRESS.',
      ),
    ];
  return mode;
}

/** A reader calls S3 as a Task does by the SDK, though its Resource does not say so. */
function checkNames(reader: unknown, path: string, jsonata: boolean): FieldError[] {
  const integration = isObject(reader) ? integrationOf(reader['Resource']) : undefined;
  const field = jsonata ? 'Arguments' : 'Parameters';
  const given = isObject(reader) ? reader[field] : undefined;
  if (!integration || !isObject(given)) return [];
  return checkArguments({ ...integration, sdk: true }, given, below(path, field));
}

/** What is wrong with a Map state beside its plain fields. */
export function checkMap(state: State, machine: Machine): FieldError[] {
  const { value, path, language } = state;
  const jsonata = language === 'JSONata';
  const given: Readonly<Record<string, Check>> = jsonata
    ? { Arguments: jsonataObject }
    : { Parameters: payloadTemplate };
  const limit = (name: string): Readonly<Record<string, Check>> =>
    jsonata ? { [name]: orExpression(whole(1)) } : { [name]: whole(1), [`${name}Path`]: checkReferencePath };
  return [
    ...checkMode(state, machine),
    ...checkNames(value['ItemReader'], below(path, 'ItemReader'), jsonata),
    ...checkObject(value['ItemReader'], below(path, 'ItemReader'), {
      Resource: calling('s3:getObject', 's3:listObjectsV2'),
      ReaderConfig: object,
      ...(jsonata ? {} : { ResultSelector: payloadTemplate, InputPath: checkPath }),
      ...given,
    }),
    ...checkObject(value['ItemBatcher'], below(path, 'ItemBatcher'), {
      ...limit('MaxItemsPerBatch'),
      ...limit('MaxInputBytesPerBatch'),
      BatchInput: jsonata ? checkJsonataTemplate : payloadTemplate,
    }),
    ...checkObject(value['ResultWriter'], below(path, 'ResultWriter'), {
      Resource: calling('s3:putObject'),
      WriterConfig: anything,
      ...given,
    }),
  ];
}
