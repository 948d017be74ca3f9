/**
 * The commands that read or change the database: who came, what they tried, typed and left, and the care of the database itself.
 */
@org.jspecify.annotations.NullMarked
module decnet.operator {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires decnet.formats;
    requires decnet.journal;
    requires decnet.db;
    requires info.picocli;

    opens decnet.operator.command to
            info.picocli;

    provides decnet.core.CommandProvider with
            decnet.operator.command.OperatorCommands;
}
