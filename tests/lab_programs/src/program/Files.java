package program;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Opens files that tell a device apart, by two ways of the platform, and some that do not; a missing one is no matter. */
public final class Files {
    private Files() {}

    public static void main(String[] args) {
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
    }
}
