/** What every program of ours that a test starts is given: where programs are, and what Node compiled for those before it. */
export const programEnv = (): Record<string, string> => {
  const compiled = process.env['NODE_COMPILE_CACHE'];
  return { PATH: process.env['PATH'] ?? '', ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }) };
};
