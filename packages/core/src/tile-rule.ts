/** The rule of a loss that is not in the family: logits and targets of a tile in, losses and unscaled gradient out. */

/** Rows of a tile, packed row by row in float64. */
export interface RuleTile {
  readonly rows: number;
  /** Numbers per row: classes, or 1 for `elements`. */
  readonly width: number;
  readonly logits: Float64Array;
  /** Probability targets as given; index targets as one-hot rows. */
  readonly targets: Float64Array;
  /** Out: the loss of each row, without weights. */
  readonly losses: Float64Array;
  /** Out: d loss / d logit, without weights or denominator; absent when only values are asked for. */
  readonly gradient?: Float64Array;
}

/** How a loss outside the family is computed. */
export interface TileRule {
  /** `classes`: a row is a row of classes, targets are indices or rows; `elements`: each number has a target of its own. */
  readonly layout: 'classes' | 'elements';
  /** `probabilities`: targets are checked as such; `real`: any finite number. */
  readonly targets: 'probabilities' | 'real';
  /** Fills `losses` and, where present, `gradient`. Must not keep the arrays. */
  readonly compute: (tile: RuleTile) => void;
}
