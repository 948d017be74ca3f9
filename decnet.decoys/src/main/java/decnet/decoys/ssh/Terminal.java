package decnet.decoys.ssh;

/** A terminal as a client describes it. Sizes are in characters, 1 to 1000. */
record Terminal(String kind, int columns, int rows) {
    private static final int MAX = 1000;

    Terminal {
        kind = kind.length() > 64 ? kind.substring(0, 64) : kind;
        columns = columns <= 0 ? 80 : Math.min(columns, MAX);
        rows = rows <= 0 ? 24 : Math.min(rows, MAX);
    }
}
