// What a run of Stryker found, as lines: each survivor with its place, and a table of rooms.

const states = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'];

const mutantsOf = ({ mutants, source }) => mutants.map((mutant) => ({ ...mutant, source }));

/** How many mutants ended how; errors and what is left out count in no score. */
export function count(mutants) {
  const counts = Object.fromEntries(states.map((state) => [state, 0]));
  for (const { status } of mutants) counts[status] = (counts[status] ?? 0) + 1;
  const killed = counts.Killed + counts.Timeout;
  const tried = killed + counts.Survived + counts.NoCoverage;
  return { ...counts, killed, tried, score: tried === 0 ? 100 : (100 * killed) / tried };
}

/** The text that a mutant stands in for, on one line. */
function replaced({ source, location: { start, end } }) {
  const text = source.split('\n').slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1).slice(0, end.column - 1);
  text[0] = text[0].slice(start.column - 1);
  return text.join(' ').replace(/\s+/g, ' ').slice(0, 90);
}

/** One line for a file, then one for each mutant that no test saw. */
export function lines(file, result, { survivors }) {
  const mutants = mutantsOf(result);
  const { killed, tried, score, Timeout } = count(mutants);
  const head = `${file}: ${killed} of ${tried} killed (${score.toFixed(1)} %)${Timeout > 0 ? `, ${Timeout} by time` : ''}`;
  const open = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  if (!survivors) return [head];
  return [
    head,
    ...open.map((mutant) => {
      const { line, column } = mutant.location.start;
      const mark = mutant.status === 'NoCoverage' ? ' (no test comes here)' : '';
      const to = String(mutant.replacement).replace(/\s+/g, ' ').slice(0, 60);
      return `  ${line}:${column} ${mutant.mutatorName}: ${replaced(mutant)} -> ${to}${mark}`;
    }),
  ];
}

/** Rooms, mutants and scores as a Markdown table; a file that was not run is named below it. */
export function table(results) {
  const rooms = new Map();
  for (const [file, result] of results) {
    const room = file.split('/')[1];
    rooms.set(room, [...(rooms.get(room) ?? []), [file, result]]);
  }
  const rows = [...rooms].map(([room, files]) => {
    const all = files.flatMap(([, result]) => (result === undefined ? [] : mutantsOf(result)));
    const { tried, killed, Timeout, Survived, NoCoverage, Ignored, score } = count(all);
    return `| ${room} | ${tried} | ${killed} | ${Timeout} | ${Survived} | ${NoCoverage} | ${Ignored} | ${score.toFixed(1)} % |`;
  });
  const missing = results.filter(([, result]) => result === undefined).map(([file]) => file);
  return [
    '| room | mutants | killed | of these by time | survived | not reached | left out | score |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    ...(missing.length === 0 ? [] : ['', `not run: ${missing.join(', ')}`]),
  ];
}
