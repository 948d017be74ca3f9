package decnet.images;

import decnet.core.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long it took until all was well again, by what had happened to whom. One thread. */
final class Recoveries {
    private final Map<String, List<Long>> millis = new TreeMap<>();

    /** @param since when it could begin to become well, as {@link System#nanoTime}; it is well now */
    void add(String fault, String target, long since) {
        millis.computeIfAbsent(fault + " " + target, any -> new ArrayList<>())
                .add((System.nanoTime() - since) / 1_000_000);
    }

    /** One row for each, in seconds. */
    String table() {
        TextTable table = new TextTable("FAULT", "TARGET", "TIMES", "MEDIAN S", "LONGEST S");
        millis.forEach((what, all) -> {
            List<Long> sorted = all.stream().sorted().toList();
            int blank = what.indexOf(' ');
            table.row(
                    what.substring(0, blank),
                    what.substring(blank + 1),
                    sorted.size(),
                    seconds(sorted.get(sorted.size() / 2)),
                    seconds(Collections.max(sorted)));
        });
        return table.toString();
    }

    private static String seconds(long millis) {
        return String.format(java.util.Locale.ROOT, "%.1f", millis / 1000.0);
    }
}
