import { ActionIcon } from '@mantine/core';
import type { PolicyRuleAnswer } from '@sallyport/client/answers';
import { ProtectedButton } from '../protected-button.tsx';

const Arrow = ({ to }: { readonly to: 'up' | 'down' }) => (
  <svg className="sp-icon" viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.8">
    <path d={to === 'up' ? 'M10 16V4M5 9l5-5 5 5' : 'M10 4v12M5 11l5 5 5-5'} />
  </svg>
);

/** Where the focus stays when a rule moves: on the arrow that moved it. */
export const arrowId = (rule: Pick<PolicyRuleAnswer, 'id'>, to: 'up' | 'down'): string => `${to}-${rule.id}`;

/** What can be done with one rule of a list; of the catch-all only what it does can be changed. */
export const RuleTools = ({
  rule,
  place,
  places,
  action,
  isBusy,
  isAtOnce = false,
  onMove,
  onSwitch,
  onChange,
  onDelete,
}: {
  readonly rule: PolicyRuleAnswer;
  readonly place: number;
  /** Of how many that people wrote. */
  readonly places: number;
  /** The protected action that each of these does, if any. */
  readonly action: string | null;
  readonly isBusy: boolean;
  /** Nothing is asked first: it counts for nothing yet. */
  readonly isAtOnce?: boolean;
  readonly onMove: (to: 'up' | 'down') => void;
  readonly onSwitch: () => void;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}) => {
  const isOn = rule.status === 'ACTIVE';
  const dots = isAtOnce ? '' : '…';
  return (
    <>
      {!rule.system &&
        places > 1 &&
        (['up', 'down'] as const).map((to) => (
          <ActionIcon
            key={to}
            id={arrowId(rule, to)}
            variant="default"
            size="md"
            aria-label={`Move ${rule.name} ${to}`}
            disabled={isBusy || place === (to === 'up' ? 1 : places)}
            onClick={() => onMove(to)}
          >
            <Arrow to={to} />
          </ActionIcon>
        ))}
      {!rule.system && (
        <ProtectedButton
          action={action}
          variant="default"
          size="xs"
          aria-label={`Switch ${isOn ? `off ${rule.name}${dots}` : `on ${rule.name}`}`}
          disabled={isBusy}
          onClick={onSwitch}
        >
          {isOn ? `Switch off${dots}` : 'Switch on'}
        </ProtectedButton>
      )}
      <ProtectedButton
        action={action}
        variant="default"
        size="xs"
        aria-label={`Change ${rule.name}…`}
        disabled={isBusy}
        onClick={onChange}
      >
        Change…
      </ProtectedButton>
      {!rule.system && (
        <ProtectedButton
          action={action}
          color="red"
          variant="outline"
          size="xs"
          aria-label={`Delete ${rule.name}${dots}`}
          disabled={isBusy}
          onClick={onDelete}
        >
          Delete{dots}
        </ProtectedButton>
      )}
    </>
  );
};
