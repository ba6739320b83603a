/** What commands print with `--json`, held to the JSON schema of its format by a validator that knows nothing of this project. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type FormatName, formatNames, formatOf, jsonSchema } from '../../lib/cli/schemas/index.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, validateFormats: false });
const compiled = new Map<string, ValidateFunction>();

/** The validator of a format; `only` refuses fields that the schema does not name. */
export function validatorOf(name: FormatName, only = false): ValidateFunction {
  const key = `${name} ${only}`;
  const found = compiled.get(key) ?? ajv.compile({ ...jsonSchema(name, { only }), $id: key });
  compiled.set(key, found);
  return found;
}

/** The format of a printed object. Throws where it tells none that there is. */
export function formatIn(printed: string): FormatName {
  const told = (JSON.parse(printed) as { format?: { name?: string; version?: number } }).format;
  const name = formatNames.find((one) => formatOf(one).name === told?.name);
  if (name === undefined) throw new Error(`no known format in ${printed.slice(0, 120)}`);
  return name;
}

/** Throws where a command printed with `--json` what its schema does not name, or lacks what it names. */
export function expectFormat(printed: string): void {
  const validate = validatorOf(formatIn(printed), true);
  if (validate(JSON.parse(printed))) return;
  const complaints = validate.errors!.map(({ instancePath, message, params }) =>
    [instancePath, message, JSON.stringify(params)].join(' '),
  );
  throw new Error(`${formatIn(printed)}: ${complaints.slice(0, 5).join('; ')}`);
}
