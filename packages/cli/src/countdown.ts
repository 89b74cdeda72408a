/**
 * How long something still waits, on one line of stderr that is written over. In a pipe, and on a terminal that cannot
 * go back in its line, nothing: a log of a pipeline is no place for a clock. No colour, so NO_COLOR asks for nothing.
 */
export const createCountdown = () => {
  const isShown = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  let width = 0;
  const write = (text: string): void => {
    if (!isShown) return;
    process.stderr.write(`\r${text.padEnd(width)}${text === '' ? '\r' : ''}`);
    width = text.length;
  };
  return {
    show(what: string, endsAt: number): void {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      write(`${what}: ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`);
    },
    clear: () => write(''),
  };
};
