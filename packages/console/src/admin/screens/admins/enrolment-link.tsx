import { useMutation } from '@tanstack/react-query';
import { post } from '../../api.ts';
import { CopyLine } from '../../ui/copyable.tsx';
import { Countdown } from '../../ui/instant.tsx';
import { ProtectedButton } from '../../ui/protected-button.tsx';
import { Failure } from '../../ui/states.tsx';

interface Link {
  readonly link: string;
  readonly expiresAt: string;
}

/** Makes the link with which an administrator without a key enrols their first one; shown once, and an earlier one stops working. */
export const EnrolmentLink = ({ userId, name }: { readonly userId: string; readonly name: string }) => {
  const make = useMutation({
    mutationFn: () => post<Link>(`/sallyport/v1/users/${encodeURIComponent(userId)}/enrolment-codes`),
  });
  if (make.data !== undefined)
    return (
      <div className="sp-state warn slim" role="status">
        <p>
          Give this link to {name}, by a way on which you know it is them. Whoever opens it first becomes {name}. It is
          shown this once and works once, for <Countdown until={make.data.expiresAt} />.
        </p>
        <CopyLine text={make.data.link} label="enrolment link" />
      </div>
    );
  return (
    <>
      {make.isError && <Failure what="The link was not made" error={make.error} wasChange />}
      <ProtectedButton
        action="admin.factor.enrol"
        variant="default"
        loading={make.isPending}
        onClick={() => make.mutate()}
      >
        Make an enrolment link
      </ProtectedButton>
    </>
  );
};
