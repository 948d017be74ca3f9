package decnet.decoys;

/** When the bytes of a connection are kept as a capture file. */
enum CaptureMode {
    /** When something was not understood, a limit was reached, or a dialogue failed. */
    ODD,
    ALWAYS,
    NEVER;

    static CaptureMode of(String option) {
        return switch (option) {
            case "always" -> ALWAYS;
            case "never" -> NEVER;
            default -> ODD;
        };
    }
}
