/** The largest number of a float32 tensor. */
export const FLOAT32_MAX = 3.4028234663852886e38;
