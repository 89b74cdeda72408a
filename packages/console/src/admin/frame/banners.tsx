import { Anchor, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { isScreenPath } from '../screens.ts';
import { GoTo } from '../ui/go-to.tsx';
import { useMe } from './me.ts';

/** To a screen only for those who may read it: the banner is everybody’s. */
const Look = ({ href }: { readonly href: string }) =>
  isScreenPath(href) ? (
    <GoTo href={href} isOnlyLink>
      Look
    </GoTo>
  ) : (
    <Anchor href={href}>Look</Anchor>
  );

/** What everybody must know, the worst first; one is shown and the others are a click away. */
export const Banners = () => {
  const me = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const banners = me?.banners ?? [];
  if (banners.length === 0) return null;
  return (
    <div className="sp-banners" role="status">
      {banners.slice(0, isOpen ? undefined : 1).map(({ kind, text, href }) => (
        <p key={kind} className={`sp-banner ${kind === 'break-glass' ? 'warn' : 'info'}`}>
          <span>
            {text} {href !== null && <Look href={href} />}
          </span>
          {!isOpen && banners.length > 1 && (
            <UnstyledButton className="sp-link-button" onClick={() => setIsOpen(true)}>
              {banners.length - 1} more
            </UnstyledButton>
          )}
        </p>
      ))}
    </div>
  );
};
