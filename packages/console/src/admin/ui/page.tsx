import { type ReactNode, useEffect, useRef } from 'react';

/** A screen: one `h1`, which has the focus after a change of screen, its tools beside it, and the title of the window. */
export const Page = ({
  title,
  lead,
  tools,
  children,
  command,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  readonly command?: ReactNode;
}) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Sallyport`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <div className="sp-page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="sp-quiet">{lead}</p>}
        </div>
        {tools !== undefined && <div className="sp-tools">{tools}</div>}
      </div>
      {children}
      {command}
    </>
  );
};

/** A titled part of a screen. */
export const Section = ({
  title,
  tools,
  children,
  lead,
}: {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  readonly lead?: ReactNode;
}) => (
  <section className="sp-card">
    <div className="sp-section-head">
      <h2>{title}</h2>
      {tools !== undefined && <div className="sp-tools">{tools}</div>}
    </div>
    {lead !== undefined && <p className="sp-quiet">{lead}</p>}
    {children}
  </section>
);
