import type { ReviewItemAnswer } from '@sallyport/client/answers';
import { Instant } from '../../ui/instant.tsx';

/** How a break-glass account stood when the review began: what a reviewer compares with what they know. */
export const SealFacts = ({ seal }: { readonly seal: NonNullable<ReviewItemAnswer['seal']> }) => {
  const { sealedAt, unsealedAt, lastDrillAt, isDrillDue, keys, networks, openReviews } = seal;
  return (
    <span className="sp-quiet">
      sealed <Instant at={sealedAt} as="relative" />
      {unsealedAt !== null && (
        <>
          , broken <Instant at={unsealedAt} as="relative" />
        </>
      )}
      <br />
      {lastDrillAt === null ? (
        'no drill yet'
      ) : (
        <>
          last drill <Instant at={lastDrillAt} as="relative" />
        </>
      )}
      {isDrillDue && ', one is due'}
      <br />
      {keys.length === 0 ? 'no key' : `keys: ${keys.join(', ')}`}
      <br />
      from {[...networks.primary, ...networks.secondary, ...networks.tertiary].join(', ')}
      {openReviews > 0 && (
        <>
          <br />
          {openReviews === 1 ? 'one use is not reviewed' : `${openReviews} uses are not reviewed`}
        </>
      )}
    </span>
  );
};
