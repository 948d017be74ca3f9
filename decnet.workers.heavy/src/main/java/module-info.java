/**
 * The workers that hold much and compute much: {@code profiler} says who an attacker is, {@code ttp} which ATT&amp;CK techniques he used.
 * Both follow the event table with a cursor of their own, kept in the transaction that writes their results.
 */
@org.jspecify.annotations.NullMarked
module decnet.workers.heavy {
    requires static transitive org.jspecify;
    requires decnet.db;
    requires decnet.runtime;
    requires com.fasterxml.jackson.dataformat.yaml;
    requires com.google.re2j;

    provides decnet.runtime.WorkerProvider with
            decnet.workers.heavy.HeavyWorkers;
    provides decnet.core.ConfigSchema with
            decnet.workers.heavy.HeavyConfig.Schema;
}
