package decnet.runtime;

import java.util.function.Supplier;

/**
 * A worker an image can run.
 *
 * @param name its one name everywhere: health topic, command, unit, log; lower case with hyphens
 * @param summary one line for a person
 * @param database whether it needs the database
 * @param factory makes one for each start
 */
public record WorkerSpec(String name, String summary, boolean database, Supplier<Worker> factory) {}
