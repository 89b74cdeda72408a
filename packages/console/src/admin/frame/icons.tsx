const Svg = ({ d }: { readonly d: string }) => (
  <svg
    className="sp-icon"
    viewBox="0 0 20 20"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.7"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    <path d={d} />
  </svg>
);

export const MenuIcon = () => <Svg d="M3 5.5h14M3 10h14M3 14.5h14" />;
export const SearchIcon = () => <Svg d="M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13.2 13.2 17 17" />;
export const PersonIcon = () => (
  <Svg d="M10 10.2a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM3.6 17c.6-3.2 3-5 6.4-5s5.8 1.8 6.4 5" />
);

/** Two doors, one behind the other. */
export const Mark = () => (
  <svg className="sp-mark" viewBox="0 0 32 32" aria-hidden="true">
    <rect className="sp-mark-ground" width="32" height="32" rx="8" />
    <path d="M8 25V12a8 8 0 0 1 16 0v13" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
    <path
      d="M12.6 25V13.4a3.4 3.4 0 0 1 6.8 0V25"
      fill="none"
      stroke="#fff"
      strokeWidth="2.4"
      strokeLinecap="round"
      opacity=".75"
    />
  </svg>
);
