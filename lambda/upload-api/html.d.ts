/** The text of a page. The bundler inlines its style sheets and scripts. */
declare module '*.html' {
  const html: string;
  export default html;
}
