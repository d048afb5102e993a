package android.content.pm;

public class ApplicationInfo extends PackageItemInfo {
    public static final int FLAG_SYSTEM = 1;
    public String processName;
    public int flags;
    public int targetSdkVersion;
    public int uid;
    public String sourceDir;
    public String dataDir;

    public ApplicationInfo() {}

    public CharSequence loadLabel(PackageManager pm) {
        return pm.getApplicationLabel(this);
    }
}
