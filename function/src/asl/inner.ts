/** Checks Parallel and Map states: the fields with their machines, and a Map's reader, batcher and writer. */
import { at, isObject } from '../objects.ts';
import { checkArguments } from './call-arguments.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import { isDistributed, type Machine, objectsAt, type State } from './machine.ts';
import { checkPath, checkReferencePath } from './paths.ts';
import { below, type Problem, problem, suggestion } from './problem.ts';
import { expressOf, integrationOf } from './resource.ts';
import { type Check, jsonataObject, object, oneOf, orExpression, payloadTemplate, whole } from './values.ts';

/** The problems of a Parallel state's list of branches. */
export function checkParallel({ value, path }: State): Problem[] {
  const branches = value['Branches'];
  const here = below(path, 'Branches');
  if (branches === undefined) return [];
  if (!Array.isArray(branches) || branches.length === 0 || objectsAt(branches, here).length < branches.length)
    return problem(here, branches, 'is not a list of branches. Write at least one, with StartAt and States.');
  return [];
}

/** Checks the fields of an object. Unknown fields are problems. */
function checkObject(value: unknown, path: string, fields: Readonly<Record<string, Check>>): Problem[] {
  if (value === undefined) return [];
  if (!isObject(value)) return object(value, path);
  return Object.entries(value).flatMap(([name, inner]) => {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (check) return check(inner, below(path, name));
    return problem(
      below(path, name),
      inner,
      `is in no field that this takes. ${suggestion(name, Object.keys(fields))}`,
    );
  });
}

const calling =
  (...known: string[]): Check =>
  (value, path) => {
    const integration = integrationOf(value);
    const name = integration && `${integration.service}:${integration.action}`;
    return name !== undefined && known.includes(name)
      ? []
      : problem(
          path,
          value,
          `is nothing that a Map can use here. Use ${known.map((one) => `arn:aws:states:::${one}`).join(' or ')}.`,
        );
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

function checkMode(state: State, machine: Machine): Problem[] {
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
      ...misplaced.flatMap((name) =>
        problem(
          below(path, name),
          value[name],
          'is for a Distributed Map. Set ItemProcessor.ProcessorConfig.Mode: DISTRIBUTED, or remove it.',
        ),
      ),
    ];
  }
  if (machine.execution === 'Express') {
    const { who, standard } = expressOf(machine);
    const fix = `is not for ${who}. Use INLINE, or ${standard}.`;
    return [...mode, ...problem(below(config, 'Mode'), 'DISTRIBUTED', fix)];
  }
  if (at(value, 'ItemProcessor', 'ProcessorConfig', 'ExecutionType') === undefined)
    return [
      ...mode,
      ...problem(
        below(config, 'ExecutionType'),
        null,
        'is missing. A Distributed Map needs STANDARD or EXPRESS.',
      ),
    ];
  return mode;
}

/** Checks the argument names of a reader. It calls S3 like an SDK Task, although its Resource has another form. */
function checkNames(reader: unknown, path: string, jsonata: boolean): Problem[] {
  const integration = isObject(reader) ? integrationOf(reader['Resource']) : undefined;
  const field = jsonata ? 'Arguments' : 'Parameters';
  const given = isObject(reader) ? reader[field] : undefined;
  if (!integration || !isObject(given)) return [];
  return checkArguments({ ...integration, sdk: true }, given, below(path, field));
}

/** The problems of a Map state, except for its simple fields. */
export function checkMap(state: State, machine: Machine): Problem[] {
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
