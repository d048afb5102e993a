package com.example.compliant;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.SharedPreferences;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import lab.truth.Truth;

/** A notebook: asks once, does what it said, and works without it too. */
public class MainActivity extends Activity {
    private static final int ASK_PLACE = 11;
    private static final String PLACE = "android.permission.ACCESS_FINE_LOCATION";
    private static final String CHOICE = "privacy";

    private SharedPreferences choices;
    private TextView title;

    @Override
    protected void onCreate(Bundle savedInstanceState) {
        super.onCreate(savedInstanceState);
        choices = getSharedPreferences("choices", MODE_PRIVATE);
        showPage();
        String choice = choices.getString(CHOICE, null);
        if (choice == null) {
            new PrivacyDialog(this, this::accepted, this::refused).show();
        } else if ("accepted".equals(choice)) {
            work();
        } else {
            browse();
        }
    }

    private void showPage() {
        LinearLayout page = new LinearLayout(this);
        page.setOrientation(LinearLayout.VERTICAL);
        title = new TextView(this);
        title.setId(R.id.page_title);
        title.setTextSize(24);
        title.setText("我的记事");
        page.addView(title);
        Button weather = new Button(this);
        weather.setId(R.id.local_weather);
        weather.setText("在记事中加入当地天气");
        weather.setOnClickListener(clicked -> explainPlace());
        page.addView(weather);
        TextView policy = new TextView(this);
        policy.setId(R.id.policy_link);
        policy.setText("隐私政策");
        policy.setOnClickListener(clicked -> Policy.show(this));
        page.addView(policy);
        setContentView(page);
    }

    private void accepted() {
        Truth.phase("accepted");
        choices.edit().putString(CHOICE, "accepted").apply();
        work();
        explainPlace();
    }

    private void refused() {
        Truth.phase("refused");
        choices.edit().putString(CHOICE, "refused").apply();
        browse();
    }

    /** Full use: the push registration that the notice describes. */
    private void work() {
        new Thread(new Registration(this)::run, "registration").start();
    }

    private void browse() {
        title.setText("我的记事（仅浏览模式）");
    }

    private void explainPlace() {
        if (!"accepted".equals(choices.getString(CHOICE, null))) {
            return;
        }
        new AlertDialog.Builder(this).setTitle("位置权限用途说明").setMessage("为在记事中加入当地天气，我们需要获取您的位置。您可以拒绝，其他功能不受影响。")
            .setPositiveButton("继续", (dialog, which) -> requestPermissions(new String[] {PLACE}, ASK_PLACE))
            .setNegativeButton("暂不", null).show();
    }

    @Override
    public void onRequestPermissionsResult(int requestCode, String[] permissions, int[] grantResults) {
        if (requestCode == ASK_PLACE && grantResults.length > 0 && grantResults[0] == PackageManager.PERMISSION_GRANTED) {
            new Thread(new LocalWeather(this)::run, "weather").start();
        }
    }
}
