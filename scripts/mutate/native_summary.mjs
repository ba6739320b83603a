// What became of the mutants, by room and in all.

const seen = ({ outcome }) => outcome === 'killed' || outcome === 'timed out';
const share = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

/** One line of counts. A mutant that does not compile, and one that no result can show, is not counted in the score. */
function line(name, mutants, results) {
  const counted = mutants.filter(({ equivalent }) => equivalent === undefined);
  const found = counted.map(({ id }) => results.get(id)).filter((result) => result !== undefined);
  const count = (outcome) => found.filter((result) => result.outcome === outcome).length;
  const tried = found.length - count('not compiled') - count('left');
  const killed = found.filter(seen).length;
  return (
    `${name}: ${mutants.length} mutants, ${mutants.length - counted.length} not counted, ${tried} tried: ` +
    `${count('killed')} killed, ${count('timed out')} timed out, ${count('survived')} survived, ` +
    `${count('not compiled')} not compiled, ${count('left')} left for the tests; score ${share(killed, tried)}`
  );
}

/** Lines: every room, everything together, and what survived. */
export function summary(mutants, results) {
  const rooms = [...new Set(mutants.map(({ room }) => room))];
  const survivors = mutants.filter(({ id }) => results.get(id)?.outcome === 'survived');
  return [
    ...rooms.map((room) =>
      line(
        room,
        mutants.filter((mutant) => mutant.room === room),
        results,
      ),
    ),
    line('all', mutants, results),
    ...survivors.map(({ id, file, why }) => `survived ${id} ${file}: ${why}`),
  ];
}
