import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly {
    readonly html: string;
    readonly target: readonly string[];
    readonly any: readonly { readonly message: string }[];
  }[];
}
/** Which rules are asked: all, those of some tags, or some by name. */
export type AxeRules = { readonly type: 'tag' | 'rule'; readonly values: readonly string[] } | null;

/**
 * What axe finds wrong with the document that a page shows; pages of ours have no frames. The engine is brought into each
 * document once, however often it is asked: to read it takes longer than most of its rules.
 */
export const axeViolations = async (
  page: { evaluate(script: string): Promise<unknown> },
  rules: AxeRules = null,
): Promise<readonly AxeViolation[]> => {
  if ((await page.evaluate('typeof axe')) !== 'object') await page.evaluate(SOURCE);
  const options = { resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: rules }) };
  return (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as readonly AxeViolation[];
};
