/** As much of pdfkit as a figure needs; the package comes without types. */

/** A gradient that colours can be put on. */
export interface PdfGradient {
  stop(offset: number, colour: string): PdfGradient;
}

/** A document under way; what it is told to draw comes out as it goes. */
export interface PdfDocument {
  readonly info: Record<string, unknown>;
  registerFont(name: string, path: string): this;
  on(event: string, listener: (part: Buffer) => void): this;
  save(): this;
  restore(): this;
  translate(x: number, y: number): this;
  scale(x: number, y: number): this;
  rotate(degrees: number): this;
  path(path: string): this;
  clip(): this;
  linearGradient(x1: number, y1: number, x2: number, y2: number): PdfGradient;
  fillColor(colour: unknown): this;
  fillOpacity(opacity: number): this;
  strokeColor(colour: string): this;
  strokeOpacity(opacity: number): this;
  lineWidth(width: number): this;
  miterLimit(limit: number): this;
  lineCap(cap: number): this;
  lineJoin(join: number): this;
  dash(lengths: readonly number[], options: { phase: number }): this;
  fill(): this;
  stroke(): this;
  fillAndStroke(): this;
  font(name: string): this;
  fontSize(size: number): this;
  widthOfString(text: string): number;
  text(text: string, x: number, y: number, options: { lineBreak: boolean; baseline: string }): this;
  endMetadata(): void;
  end(): void;
}

export type PdfKit = new (options: {
  size: readonly [number, number];
  margin: number;
  pdfVersion: string;
  info: Readonly<Record<string, unknown>>;
}) => PdfDocument;
