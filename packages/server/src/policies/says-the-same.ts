import type { Row } from '../store/tables.ts';
import { presentRule } from './present-policy.ts';

const shown = (row: Row<'policyRules'>): string => {
  const { conditions, actions } = presentRule(row, '');
  return JSON.stringify({ conditions, actions });
};

/**
 * Do two writings of a rule ask and do the same, as clients read them? One that wrote back what it had read changed nothing,
 * though what is written out for everybody stands in it now.
 */
export const saysTheSame = (a: Row<'policyRules'>, b: Row<'policyRules'>): boolean => shown(a) === shown(b);
