import { ActionIcon, Button, Drawer } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useShortcuts } from '../ui/shortcuts.ts';
import { Toasts } from '../ui/toasts.tsx';
import { ActiveGrant } from './active-grant.tsx';
import { Banners } from './banners.tsx';
import { ConfirmChange } from './confirm-change.tsx';
import { Guarded } from './guarded.tsx';
import { Mark, MenuIcon, SearchIcon } from './icons.tsx';
import { KeyboardSheet } from './keyboard-sheet.tsx';
import { useMe, waitingWords } from './me.ts';
import { MeMenu } from './me-menu.tsx';
import { Navigation } from './navigation.tsx';
import { Palette } from './palette.tsx';
import { SessionEnd } from './session-end.tsx';
import { StepUpDialog } from './step-up-dialog.tsx';
import { useGoKeys } from './use-go-keys.ts';
import { WasThatYou } from './was-that-you.tsx';

/** The frame around every screen: where am I, who am I, where can I go, and what needs me before anything else. */
export const Frame = () => {
  const me = useMe();
  const waiting = waitingWords(me);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [isPaletteOpen, setIsPaletteOpen] = useState(false);
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  useGoKeys();
  useShortcuts(
    useMemo(
      () => ({
        '?': () => setIsSheetOpen(true),
        '/': () =>
          (
            document.querySelector<HTMLElement>('[data-search]') ??
            document.querySelector<HTMLElement>('[data-palette]')
          )?.focus(),
      }),
      [],
    ),
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setIsPaletteOpen(true);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a narrow screen closes when the screen changes
  useEffect(() => setIsMenuOpen(false), [path]);
  return (
    <>
      <a className="sp-skip" href="#main">
        Skip to the content
      </a>
      <header className="sp-header">
        <ActionIcon
          className="sp-menu-button"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Menu"
          onClick={() => setIsMenuOpen(true)}
        >
          <MenuIcon />
        </ActionIcon>
        <Link to="/" className="sp-brand" aria-label="Sallyport, overview">
          <Mark />
          <span className="sp-brand-name">Sallyport</span>
        </Link>
        <span className="sp-org">{me?.org.name}</span>
        {me?.environment && <span className="sp-environment">{me.environment}</span>}
        <Button
          data-palette
          aria-label="Go to, or do… Ctrl K"
          className="sp-search-button"
          variant="default"
          leftSection={<SearchIcon />}
          onClick={() => setIsPaletteOpen(true)}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <span className="sp-search-words">Go to, or do…</span>
          <kbd>Ctrl K</kbd>
        </Button>
        {waiting !== null && (
          <Link to="/approvals" className="sp-inbox" aria-label={`${waiting} waiting for you`}>
            {waiting} <span className="sp-inbox-words">waiting for you</span>
          </Link>
        )}
        <ActiveGrant />
        <MeMenu onShowKeys={() => setIsSheetOpen(true)} />
      </header>
      <WasThatYou />
      <ConfirmChange />
      <Banners />
      <div className="sp-body">
        <nav className="sp-nav" aria-label="Console">
          <Navigation />
        </nav>
        <Drawer opened={isMenuOpen} onClose={() => setIsMenuOpen(false)} position="left" size={290} title="Menu">
          <nav aria-label="Console">
            <Navigation />
          </nav>
        </Drawer>
        <main id="main" className="sp-main" tabIndex={-1}>
          <Guarded>
            <Outlet />
          </Guarded>
        </main>
      </div>
      {isPaletteOpen && <Palette onClose={() => setIsPaletteOpen(false)} />}
      {isSheetOpen && <KeyboardSheet onClose={() => setIsSheetOpen(false)} />}
      <StepUpDialog />
      <SessionEnd />
      {/* Within the router: what is said of an action may lead to it. */}
      <Toasts />
    </>
  );
};
