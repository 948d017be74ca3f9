package decnet.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table for a terminal: left-aligned columns, two blanks apart. Build it on one thread. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();

    /** @param headings one per column */
    public TextTable(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row. @throws IllegalArgumentException if it has not one cell per column */
    public TextTable row(Object... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells for " + rows.getFirst().size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
    }

    /** The lines, each ended by a line feed. */
    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
