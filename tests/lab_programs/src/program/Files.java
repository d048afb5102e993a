package program;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Opens files that tell a device apart, by two ways of the platform, and some that do not; a missing one is no matter.
 * With an argument it then has the VM describe itself, for which the VM's own library opens /proc/cpuinfo.
 */
public final class Files {
    private Files() {}

    public static void main(String[] args) throws JMException {
        for (String path : new String[] {"/proc/cpuinfo", "/proc/net/arp", "/sys/class/net/wlan0/address", "/proc/self/stat"}) {
            try (FileInputStream in = new FileInputStream(path)) {
                System.out.println(path + " " + (in.read() >= 0));
            } catch (IOException missing) {
                System.out.println(path + " missing");
            }
        }
        try {
            System.out.println(java.nio.file.Files.readAllBytes(Path.of("/proc/cpuinfo")).length > 0);
        } catch (IOException missing) {
            System.out.println("missing");
        }
        if (args.length > 0) {
            Object told = ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "vmInfo",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
            System.out.println("told " + told.toString().contains("from /proc/cpuinfo"));
        }
    }
}
