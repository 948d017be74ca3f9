package decnet.topology;

import decnet.core.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be found on a machine. Each part is there only if a service of the machine shows it.
 *
 * @param mailboxes for smtp, imap and pop3
 * @param shares for smb
 * @param databases for mysql, postgres, mssql and mongodb
 * @param bait files laid out for an intruder
 */
public record Contents(List<Mailbox> mailboxes, List<Share> shares, List<Database> databases, List<Bait> bait) {
    static final Contents NONE = new Contents(List.of(), List.of(), List.of(), List.of());

    public Contents {
        mailboxes = List.copyOf(mailboxes);
        shares = List.copyOf(shares);
        databases = List.copyOf(databases);
        bait = List.copyOf(bait);
    }

    /**
     * The mail of one user.
     *
     * @param owner account of the machine
     * @param messages oldest first
     */
    public record Mailbox(String owner, String address, List<Message> messages) {
        public Mailbox {
            messages = List.copyOf(messages);
        }
    }

    /**
     * A mail.
     *
     * @param from as in the header: {@code Anna Weber <anna.weber@example.org>}
     * @param id what stands in {@code Message-ID}, without brackets
     * @param text lines that end with a line feed
     */
    public record Message(Instant at, String from, String to, String subject, String id, String text) {}

    /**
     * A folder that the network can see.
     *
     * @param path where it lies on the machine, in its own notation
     */
    public record Share(String name, String comment, String path, List<SharedFile> files) {
        public Share {
            files = List.copyOf(files);
        }
    }

    /**
     * A file of a share.
     *
     * @param name path below the share with slashes
     */
    public record SharedFile(String name, Instant modified, String text) {}

    /**
     * A database.
     *
     * @param user the one account that may use it
     * @param password of that account
     */
    public record Database(String name, String user, Secret password, List<Table> tables) {
        public Database {
            tables = List.copyOf(tables);
        }
    }

    /**
     * A table.
     *
     * @param columns name and SQL type, for example {@code id int}
     * @param rows as many values as there are columns, each
     */
    public record Table(String name, List<String> columns, List<List<String>> rows) {
        /** @throws IllegalArgumentException if a row is longer or shorter than the list of columns */
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException(
                            "table " + name + ": a row of " + row.size() + " for " + columns.size() + " columns");
                }
            }
        }
    }

    /** The database that this pair may use. */
    public Optional<Database> database(String user, String password) {
        return databases.stream()
                .filter(one -> one.user().equals(user) && one.password().text().equals(password))
                .findFirst();
    }

    Contents withBait(List<Bait> files) {
        return new Contents(mailboxes, shares, databases, files);
    }
}
