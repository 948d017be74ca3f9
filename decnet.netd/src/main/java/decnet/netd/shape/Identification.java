package decnet.netd.shape;

/** Where the identification field of an IPv4 header comes from. */
public enum Identification {
    /** From the kernel: zero where fragments are forbidden, else a counter. */
    KERNEL,
    /** From one counter of the whole machine. */
    COUNTER,
    /** From a random number each time. */
    RANDOM,
    /** From a counter that each time leaps by some thousand, as one of another processor does. */
    LEAPING
}
