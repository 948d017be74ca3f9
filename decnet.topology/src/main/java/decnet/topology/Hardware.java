package decnet.topology;

/**
 * What the machine is made of.
 *
 * @param maker system vendor, as DMI tells it
 * @param model product name, as DMI tells it
 * @param cpu model name of the processor
 * @param cores number of processors
 * @param memoryKib as {@code MemTotal}
 * @param diskKib size of the root file system
 */
public record Hardware(String maker, String model, String cpu, int cores, long memoryKib, long diskKib) {}
