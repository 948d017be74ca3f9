/**
 * The database: an embedded PostgreSQL or any other one, its schema, and all SQL there is.
 *
 * <p>Start at {@link decnet.db.Database}; {@link decnet.db.Transaction} hands out the tables. No other module writes SQL, and no type
 * of Jdbi, HikariCP or the driver leaves this one.
 */
@org.jspecify.annotations.NullMarked
module decnet.db {
    requires static transitive org.jspecify;
    requires transitive decnet.core;
    requires org.jdbi.v3.core;
    requires org.postgresql.jdbc;
    requires com.zaxxer.hikari;

    exports decnet.db;

    provides decnet.core.ConfigSchema with
            decnet.db.DatabaseKeys;
}
