package decnet.netd;

/** Which packets go through a line that is late or loses some ({@link decnet.netd.shape.DelayedLink}). Stateless. */
final class Lines {
    /** The queue of the first interface; the others follow. */
    static final int FIRST_QUEUE = 10;

    private static final String END = "COMMIT\n";

    private Lines() {}

    /** Rules of the table {@code mangle}: what leaves by an interface whose line is not perfect waits in its queue. */
    static String rules(MachineSpec spec) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < spec.interfaces().size(); i++) {
            MachineSpec.Interface one = spec.interfaces().get(i);
            if (!one.link().perfect()) {
                rules.append("-A POSTROUTING -o ").append(one.name()).append(" -j NFQUEUE --queue-num ");
                rules.append(FIRST_QUEUE + i).append(" --queue-bypass\n");
            }
        }
        return rules.toString();
    }

    /** The text of a table with more rules at its end. */
    static String into(String table, String rules) {
        return table.substring(0, table.lastIndexOf(END)) + rules + END;
    }
}
