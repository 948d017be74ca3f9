package decnet.topology;

/** What an administrator would call the machine. Names, hardware, accounts, certificates and bait follow from it. */
public enum MachineKind {
    /** A server with Linux. */
    SERVER,
    /** A PC of somebody, with Windows. */
    WORKSTATION,
    WINDOWS_SERVER,
    HYPERVISOR,
    NAS,
    CAMERA,
    /** A small device with a Linux of its own: gateway, recorder. */
    DEVICE,
    PLC,
    PRINTER
}
