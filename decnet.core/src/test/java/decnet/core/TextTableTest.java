package decnet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table =
                new TextTable("NAME", "PORT", "STATE").row("web-01", 22, "up").row("db", 3306, "");

        assertThat(table).hasToString("""
            NAME    PORT  STATE
            web-01  22    up
            db      3306
            """);
    }

    @Test
    void withoutRowsTheHeadingsStand() {
        assertThat(new TextTable("A", "B")).hasToString("A  B\n");
    }

    @Test
    void aRowOfTheWrongWidthIsRefused() {
        assertThatThrownBy(() -> new TextTable("A", "B").row("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 cells for 2 columns");
        assertThatThrownBy(() -> new TextTable("A").row("x", "y")).isInstanceOf(IllegalArgumentException.class);
    }
}
