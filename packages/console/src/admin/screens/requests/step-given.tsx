import type { RequestStepAnswer } from '@sallyport/client/answers';
import { Instant } from '../../ui/instant.tsx';

/** To whom a super admin gave a step that waits. */
export const StepGiven = ({
  reassignment: { by, to, at },
}: {
  readonly reassignment: NonNullable<RequestStepAnswer['reassignment']>;
}) => (
  <p className="sp-quiet">
    {by.name} gave it to {to.map(({ name }) => name).join(', ')}, <Instant at={at} />. Whom it named before can still
    say no.
  </p>
);
