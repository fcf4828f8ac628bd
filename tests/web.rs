//! The page and the API over real connections.

use crate::support::server::Served;
use crate::support::{Imr, root, small_letter};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

fn corpus() -> String {
    root().join("corpus/letters").display().to_string()
}

/// The corpus indexed and served.
fn served() -> (Imr, Served) {
    let imr = Imr::new();
    assert_eq!(imr.run(["index", &corpus()]).code, 0);
    let server = imr.serve(&[]);
    (imr, server)
}

/// A letter with markup wherever a letter has text.
fn letter_with_markup() -> String {
    small_letter("CM15-0999001", "<script>alert(1)</script> & <b>bold</b>", "Upheld")
        .replace("50 year old man", "50 year old man \"<img src=x onerror=alert(2)>\"")
}

/// An answer without what changes from ask to ask.
fn settled(mut answer: serde_json::Value) -> serde_json::Value {
    answer["took_ms"] = 0.into();
    answer
}

#[test]
fn the_api_answers_as_the_command_line_does() {
    let (imr, server) = served();
    let cases: [(&str, &[&str]); 4] = [
        ("/api/search?q=acupuncture&limit=3", &["acupuncture", "--facets", "--limit", "3"]),
        (
            "/api/search?q=pain&outcome=overturned&outcome=!upheld&region=low+back&sort=newest&facets=outcome",
            &[
                "pain",
                "--outcome",
                "overturned",
                "--outcome",
                "!upheld",
                "--region",
                "low back",
                "--sort",
                "newest",
                "--facets=outcome",
            ],
        ),
        (
            "/api/search?q=knee+MRI&any=true&exact&no-fold=1&offset=2&facets=treatment:2&decided=2013..2016",
            &[
                "knee MRI",
                "--any",
                "--exact",
                "--no-fold",
                "--offset",
                "2",
                "--facets=treatment:2",
                "--decided",
                "2013..2016",
            ],
        ),
        (
            "/api/search?q=tramadol&group=letter&explain&facets=none",
            &["tramadol", "--group", "letter", "--explain"],
        ),
    ];
    for (address, args) in cases {
        let mut told = settled(imr.json(&[&["search"], args].concat()));
        for hit in told["hits"].as_array_mut().unwrap() {
            // The page of a machine does not name its folders.
            let source = hit["source"].as_str().unwrap();
            hit["source"] = source.rsplit('/').next().unwrap().into();
        }
        assert!(!told["hits"].as_array().unwrap().is_empty(), "{address}");
        assert_eq!(settled(server.json(address)), told, "{address}");
    }
    let values = imr.json(&["facets", "treatment", "knee", "--find", "inj", "--outcome", "upheld"]);
    assert_eq!(server.json("/api/facets/treatment?q=knee&find=inj&outcome=upheld"), values);
    let item = imr.json(&["show", "CM13-0900131/2", "--explain"]);
    let mut answered = server.json("/api/items/cm13-0900131/2?explain");
    answered["source"] = item["source"].clone();
    assert_eq!(answered, item);
    assert_eq!(server.json("/api/items/CM13-0900131%2F2")["number"], 2);
    let letter = server.json("/api/letters/CM13-0900131");
    assert_eq!(letter["items"].as_array().unwrap().len(), 3);
    assert_eq!(letter["source"], "CM13-0900131.txt");
    let status = server.json("/api/status");
    assert_eq!(status["items"], imr.json(&["status"])["items"]);
}

#[test]
fn every_filter_of_the_command_line_is_a_parameter() {
    let (imr, server) = served();
    let document = server.json("/api/openapi.json");
    let parameters = document["paths"]["/api/search"]["get"]["parameters"].as_array().unwrap();
    let help = imr.run(["search", "--help"]).out;
    let flags = help.lines().filter_map(|line| {
        let flag = line.trim_start().trim_start_matches("-n, ").strip_prefix("--")?;
        Some(flag.split([' ', '[']).next().unwrap().to_owned())
    });
    let not_of_a_request = [
        "ids",
        "count",
        "fields",
        "format",
        "corpus",
        "index",
        "schema-dir",
        "color",
        "help",
        "cite",
    ];
    let mut seen = 0;
    for flag in flags.filter(|flag| !not_of_a_request.contains(&flag.as_str())) {
        assert!(parameters.iter().any(|known| known["name"] == *flag), "--{flag}");
        seen += 1;
    }
    assert!(seen > 25, "{seen} flags in {help}");
}

#[test]
fn the_description_names_what_is_served() {
    let (_imr, server) = served();
    let document = server.json("/api/openapi.json");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for name in [
        "search",
        "facets/{name}",
        "rates",
        "contrast",
        "similar/{id}",
        "letters/{id}",
        "items/{id}",
        "export",
        "status",
        "openapi.json",
    ] {
        assert!(paths.contains_key(&format!("/api/{name}")), "{name}");
    }
    for path in paths.keys() {
        let id = if path.contains("facets") { "outcome" } else { "CM13-0900131" };
        let id = if path.contains("items") { "CM13-0900131/1" } else { id };
        let target = path.replace("{name}", id).replace("{id}", id);
        assert_eq!(server.get(&target).status, 200, "{target}");
    }
    // References lead somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn errors_are_problems_with_place_and_hint() {
    let (_imr, server) = served();
    let table = [
        ("/api/search?q=(knee", 400, "query"),
        ("/api/search?outcome=overturnt", 400, "filter"),
        ("/api/search?colour=red", 400, "filter"),
        ("/api/search?facets=colour", 400, "facet"),
        ("/api/search?limit=101", 400, "parameter"),
        ("/api/search?offset=10001", 400, "parameter"),
        ("/api/search?sort=best", 400, "parameter"),
        ("/api/facets/colour", 400, "facet"),
        ("/api/letters/CM99-0000000", 404, "not-found"),
        ("/api/items/CM13-0900131/9", 404, "not-found"),
        ("/api/nothing", 404, "not-found"),
    ];
    for (target, status, code) in table {
        let answer = server.get(target);
        assert_eq!(answer.status, status, "{target}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{target}");
        let problem = answer.json();
        assert_eq!(
            (&problem["code"], &problem["status"]),
            (&code.into(), &status.into()),
            "{problem}"
        );
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
    }
    let problem = server.get("/api/search?q=%C3%A9+(knee").json();
    assert_eq!(problem["position"][0], 2, "{problem}");
    let hint = server.get("/api/search?outcome=overturnt").json();
    assert!(hint["hint"].as_str().unwrap().contains("overturned"), "{hint}");
    let page = server.get("/?q=knee+AND");
    assert_eq!(page.status, 400);
    for part in ["role=\"alert\"", "class=\"wrong\"", "value=\"knee AND\"", "aria-invalid"] {
        assert!(page.body.contains(part), "{part}\n{}", page.body);
    }
}

#[test]
fn the_page_works_by_links_and_forms_alone() {
    let (_imr, server) = served();
    let page = server.get("/?q=acupuncture+functional+improvement");
    assert_eq!(page.status, 200);
    for part in [
        "<mark>",
        "the denial stands",
        "the treatment must be authorised",
        "id=\"count\"",
        "CM15-",
        "outcome=overturned",
        "href=\"#main\"",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    // A value is a link to the same search with it, and what is chosen one without it.
    let chosen = server.get("/?q=acupuncture&outcome=Overturned&region=low+back");
    assert!(
        chosen.body.contains("class=\"value chosen\" href=\"/?q=acupuncture&amp;region=low+back\""),
        "{}",
        chosen.body
    );
    assert!(chosen.body.contains("class=\"chip\""));
    // A letter, with the way from match to match.
    let letter = server.get("/letters/CM13-0900131?q=opioid");
    for part in [
        "id=\"m1\"",
        "href=\"#m2\"",
        "Why item 1 has its facets",
        "id=\"item-3\"",
        "CM13-0900131.txt",
    ] {
        assert!(letter.body.contains(part), "{part}");
    }
    assert_eq!(server.get("/letters/none").status, 404);
    for target in [
        "/help",
        "/status",
        "/facets/region?find=spine",
        "/?q=zzzzzz",
        "/?limit=0",
        "/letters/CM13-0900131/2",
    ] {
        let page = server.get(target);
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{target}"
        );
    }
}

#[test]
fn a_first_page_is_small_and_asks_no_one_else() {
    let (_imr, server) = served();
    let mut bytes = 0;
    for target in ["/", "/assets/style.css", "/assets/imr.js", "/assets/icon.svg"] {
        let answer = server.get(target);
        assert_eq!(answer.status, 200, "{target}");
        bytes += answer.head.len() + answer.body.len();
        let others =
            answer.body.matches("://").count() - answer.body.matches("http://www.w3.org/").count();
        assert_eq!(others, 0, "{target} names another host");
    }
    assert!(bytes < 100_000, "{bytes} bytes");
    let page = server.get("/?q=pain").body;
    for part in ["<style", "style=\"", "onclick", "javascript:"] {
        assert!(!page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<script").count(), page.matches("<script src=\"/assets/").count());
}

#[test]
fn rates_are_those_of_the_command_line() {
    let (imr, server) = served();
    let cases: [(&str, &[&str]); 3] = [
        (
            "/api/rates?q=pain&by=treatment:1&min=5&sort=rate",
            &["pain", "--by", "treatment:1", "--min", "5", "--sort", "rate"],
        ),
        (
            "/api/rates?by=region&by=year&sex=female&primary",
            &["--by", "region", "--by", "year", "--sex", "female", "--primary"],
        ),
        (
            "/api/rates?q=knee&by=quarter&compare=shoulder",
            &["knee", "--by", "quarter", "--compare", "shoulder"],
        ),
    ];
    for (address, args) in cases {
        assert_eq!(server.json(address), imr.json(&[&["rates"], args].concat()), "{address}");
    }
    assert_eq!(server.get("/api/rates?by=colour").json()["code"], "facet");
    assert_eq!(server.get("/api/rates?by=year&by=region&by=sex").status, 400);
    let page = server.get("/rates?q=pain&by=region&outcome=overturned");
    assert_eq!(page.status, 200);
    for part in [
        "<svg",
        "95\u{a0}%",
        "class=\"band\"",
        "href=\"/?q=pain&amp;outcome=overturned&amp;region=spine\"",
    ] {
        assert!(page.body.contains(part), "{part}\n{}", page.body);
    }
    let problem = server.get("/rates?q=knee+AND");
    assert!(problem.status == 400 && problem.body.contains("class=\"wrong\""), "{}", problem.body);
    assert_eq!(server.get("/rates?by=region:1&by=year").status, 200);
}

#[test]
fn contrasts_are_those_of_the_command_line() {
    let (imr, server) = served();
    let cases: [(&str, &[&str]); 3] = [
        ("/api/contrast?q=pain&limit=4", &["pain", "-n", "4"]),
        (
            "/api/contrast?region=spine&between=year:..2014&between=year:2015..",
            &["--region", "spine", "--between", "year:..2014", "year:2015.."],
        ),
        ("/api/contrast?raw&limit=5&sex=female", &["--raw", "-n", "5", "--sex", "female"]),
    ];
    for (address, args) in cases {
        let told = imr.json(&[&["contrast"], args].concat());
        assert!(!told["phrases"].as_array().unwrap().is_empty(), "{address}");
        assert_eq!(server.json(address), told, "{address}");
    }
    let page = server.get("/contrast?q=pain").body;
    let told = server.json("/api/contrast?q=pain");
    for phrase in told["phrases"].as_array().unwrap() {
        assert!(
            page.contains(&format!(">{}</a></h3>", phrase["phrase"].as_str().unwrap())),
            "{phrase}"
        );
    }
    for part in
        ["<mark>", "class=\"bar is-upheld\"", "href=\"/?q=pain\"", "%28pain%29+rationale%3A%3D%22"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(server.get("/?q=pain").body.contains("href=\"/contrast?q=pain\""));
    // A link leads to the items counted: those with one rationale counted once there.
    let first = &told["phrases"][0];
    let query = format!(
        "/api/search?q=(pain)+rationale:=%22{}%22&outcome={}&limit=0",
        first["phrase"].as_str().unwrap().replace(' ', "+"),
        first["side"].as_str().unwrap()
    );
    let side = usize::from(first["z"].as_f64().unwrap() < 0.0);
    assert!(server.json(&query)["total"].as_u64() >= first["counts"][side].as_u64(), "{query}");
    let empty = server.get("/contrast?q=pain&outcome=upheld").body;
    assert!(empty.contains("href=\"/contrast?q=pain\""), "{empty}");
    for target in ["between=a", "between=a&between=b&between=c", "limit=101", "raw=perhaps"] {
        assert_eq!(
            server.get(&format!("/api/contrast?{target}")).json()["code"],
            "parameter",
            "{target}"
        );
    }
    // An error is told of the query that it is in.
    let wrong = server.get("/api/contrast?q=pain&between=knee&between=(hip").json();
    assert!(wrong["detail"].as_str().unwrap().contains("in \"(hip\""), "{wrong}");
    assert!(wrong["position"].is_null());
    assert_eq!(
        server.get("/api/rates?q=pain&compare=(hip").json()["position"],
        serde_json::Value::Null
    );
    assert_eq!(
        server.get("/api/contrast?q=(pain&between=knee&between=(hip").json()["position"][0],
        0
    );
    let page = server.get("/contrast?between=knee&between=(hip");
    assert!(page.status == 400 && !page.body.contains("class=\"wrong\""), "{}", page.body);
}

#[test]
fn similar_decisions_are_those_of_the_command_line() {
    let (imr, server) = served();
    let cases: [(&str, &[&str]); 3] = [
        ("/api/similar/CM14-0900101/2", &["CM14-0900101/2"]),
        (
            "/api/similar/CM14-0900101/2?opposite&limit=2&region=spine",
            &["CM14-0900101/2", "--opposite", "-n", "2", "--region", "spine"],
        ),
        ("/api/similar/CM13-0900131?limit=2", &["CM13-0900131", "-n", "2"]),
    ];
    for (address, args) in cases {
        let told = imr.json(&[&["similar"], args].concat());
        // The page of a machine does not name its folders.
        let told = told.to_string().replace(&format!("{}/", corpus()), "");
        assert_eq!(server.get(address).json().to_string(), told, "{address}");
    }
    let page = server.get("/letters/CM14-0900101").body;
    let alike = server.json("/api/similar/CM14-0900101/2");
    let opposite = server.json("/api/similar/CM14-0900101/2?opposite");
    for near in
        alike["nearest"].as_array().unwrap().iter().chain(opposite["nearest"].as_array().unwrap())
    {
        let (letter, number) = near["id"].as_str().unwrap().rsplit_once('/').unwrap();
        assert!(page.contains(&format!("href=\"/letters/{letter}#item-{number}\"")), "{near}");
    }
    for part in ["of 10 overturned", "Both: ", "class=\"differs\"", "<div class=\"pair beside\">"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    for (target, status) in [
        ("none", 404),
        ("CM14-0900101/9", 404),
        ("CM14-0900101/2?limit=101", 400),
        ("CM14-0900101/2?region=nowhere", 400),
        ("CM14-0900101/2?q=knee", 400),
    ] {
        assert_eq!(server.get(&format!("/api/similar/{target}")).status, status, "{target}");
    }
}

#[test]
fn a_text_finds_decisions_like_it() {
    let (imr, server) = served();
    let text = "Acupuncture for the knee, six visits. The worker walks <b>further</b> & sleeps.";
    let told = imr.fed(&["similar", "-", "--format", "json"], text).out;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let encoded =
        text.replace('&', "%26").replace('<', "%3C").replace('>', "%3E").replace(' ', "+");
    let page = server.get(&format!("/similar?text={encoded}")).body;
    for near in told["nearest"].as_array().unwrap() {
        let id = near["id"].as_str().unwrap();
        assert!(page.contains(&format!(">{id}</span>")), "{id}\n{page}");
    }
    assert!(page.contains("&lt;b&gt;further&lt;/b&gt; &amp; sleeps."), "{page}");
    let letter = std::fs::read_to_string(root().join("corpus/letters/CM14-0900101.txt")).unwrap();
    let encoded: String = form_urlencoded::byte_serialize(letter.as_bytes()).collect();
    let page = server.get(&format!("/similar?text={encoded}"));
    assert_eq!((page.status, page.body.matches("Of the nearest 10").count()), (200, 2));
    for target in ["/similar", "/similar?text=", "/similar?text=+%0A"] {
        let page = server.get(target);
        assert!(page.status == 200 && !page.body.contains("Of the nearest"), "{target}");
    }
    assert_eq!(server.get("/similar?text=knee&q=knee").status, 400);
    assert_eq!(server.get(&format!("/similar?text={}", "x".repeat(29_000))).status, 414);
}

#[test]
fn downloads_hold_all_items_as_the_command_line_writes_them() {
    let (imr, server) = served();
    for format in ["csv", "jsonl"] {
        let told = imr.run([
            "export",
            "pain",
            "--outcome",
            "upheld",
            "--format",
            format,
            "--fields",
            "id,title,outcome",
        ]);
        let answer = server.get(&format!(
            "/api/export?q=pain&outcome=upheld&format={format}&fields=id,title,outcome"
        ));
        assert_eq!((answer.status, answer.body.as_str()), (200, told.out.as_str()), "{format}");
        assert!(answer.header("content-disposition").is_some_and(|name| name.contains(format)));
    }
    for (format, file) in [("markdown", "md"), ("text", "txt"), ("html", "html")] {
        let told =
            imr.run(["export", "acupuncture", "--outcome", "overturned", "--format", format]).out;
        assert!(told.matches("IMR case").count() > 5, "{told}");
        let answer =
            server.get(&format!("/api/export?q=acupuncture&outcome=overturned&format={format}"));
        assert_eq!((answer.status, answer.body.as_str()), (200, told.as_str()), "{format}");
        let file = format!("attachment; filename=\"imr-decisions.{file}\"");
        assert_eq!(answer.header("content-disposition"), Some(file.as_str()));
    }
    assert_eq!(server.get("/api/export?format=markdown&fields=id").json()["code"], "parameter");
    assert_eq!(imr.run(["export", "--format", "text", "--fields", "id"]).code, 2);
    // They are those of `cite`, in the order of identities.
    let ids = server.get("/api/export?q=acupuncture&fields=id").body;
    let ids: Vec<&str> = ids.lines().skip(1).collect();
    let told = imr.run([&["cite", "--format", "text"], ids.as_slice()].concat()).out;
    let told = told.replace(&format!("{}/", corpus()), "");
    assert_eq!(server.get("/api/export?q=acupuncture&format=text").body, told);
    let all = server.get("/api/export");
    assert!(!all.body.contains(&corpus()), "no folder is named");
    let items = server.json("/api/search?limit=0")["total"].as_u64().unwrap();
    let lines = server.get("/api/export?format=jsonl").body.lines().count() as u64;
    assert_eq!(lines, items);
    assert_eq!(server.get("/api/export?fields=colour").status, 400);
    assert_eq!(server.get("/api/export?q=(").json()["code"], "query");
    // One who goes away in the middle costs nothing.
    for _ in 0..4 {
        let mut gone = server.connect();
        let request = format!("GET /api/export HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
        gone.write_all(request.as_bytes()).unwrap();
        let mut some = [0; 100];
        gone.read_exact(&mut some).unwrap();
        drop(gone);
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(server.get("/api/export?q=knee&format=jsonl").status, 200);
}

#[test]
fn citations_are_those_of_the_command_line() {
    let (imr, server) = served();
    for format in ["text", "markdown", "html"] {
        let told = imr.run(["cite", "CM13-0900131/2", "--format", format]).out;
        let answer = server.get(&format!("/cite?id=CM13-0900131%2F2&format={format}"));
        assert_eq!(answer.status, 200, "{format}");
        // The command line names the file with its folder.
        let named = told.replace(&format!("{}/", corpus()), "");
        assert_eq!(answer.body, named, "{format}");
    }
    let page = server.get("/cite?id=CM13-0900131%2F1&id=CM14-0900101").body;
    for format in ["html", "markdown", "text"] {
        let link = format!("/cite?id=CM13-0900131%2F1&id=CM14-0900101&format={format}");
        assert!(page.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{page}");
        assert_eq!(server.get(&link).status, 200, "{link}");
    }
    let page = server.get("/cite?id=CM13-0900131");
    assert!(page.status == 200 && page.body.matches("item ").count() >= 3, "{}", page.body);
    assert_eq!((server.get("/cite").status, server.get("/cite?id=none").status), (400, 404));
}

#[test]
fn what_to_try_next_stays_on_its_page() {
    let (_imr, server) = served();
    for (target, kept) in [
        ("/rates?q=acupuncture&by=region&sort=rate&compare=knee", "by=region"),
        ("/contrast?q=acupuncture&between=knee&between=shoulder", "between=knee"),
        ("/rates?q=acupunctre&by=region&sort=count", "by=region"),
    ] {
        let page = server.get(target).body;
        let place = target.split('?').next().unwrap();
        let told = page.split("class=\"told\"").skip(1);
        let links = told.filter_map(|told| told.split("href=\"").nth(1)?.split('"').next());
        let links: Vec<String> = links.map(|link| link.replace("&amp;", "&")).collect();
        let offered =
            links.iter().find(|link| link.contains(kept)).unwrap_or_else(|| panic!("{page}"));
        assert!(offered.starts_with(place) && offered != target, "{offered}");
        assert_eq!(server.get(offered).status, 200, "{offered}");
    }
    let json = server.get("/rates?q=pain").body;
    assert!(json.contains("href=\"/api/rates?q=pain&amp;by=treatment%3A1\""), "{json}");
    let wrong = server.get("/rates?q=pain&by=region&min=five");
    assert!(
        wrong.status == 400 && wrong.body.contains("name=\"by\" value=\"region\""),
        "{}",
        wrong.body
    );
    let wrong = server.get("/?q=pain&decided=2016..2014");
    assert!(wrong.status == 400 && wrong.body.contains("id=\"range-decided\""), "{}", wrong.body);
}

#[test]
fn items_of_one_text_are_listed() {
    let imr = Imr::new();
    for at in 0..5 {
        let letter = small_letter(&format!("CM15-090010{at}"), "zebra", "Upheld");
        imr.write(
            &format!("letters/{at}.txt"),
            letter.replace("A 50 year old", &format!("A 5{at} year old")),
        );
    }
    imr.write("letters/other.txt", small_letter("CM15-0900200", "brown", "Upheld"));
    assert_eq!(imr.run(["index", "letters"]).code, 0);
    let server = imr.serve(&[]);
    let page = server.get("/?q=brace").body;
    let link = page
        .split("href=\"")
        .find(|link| link.contains("same-reasons"))
        .unwrap_or_else(|| panic!("{page}"));
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let listed = server.get(&link).body;
    assert!(
        page.contains("and 4 more like it") && listed.contains(">5 items<"),
        "{link}\n{listed}"
    );
    assert!(!listed.contains("CM15-0900200"), "{listed}");
    let total = |id: &str| imr.json(&["search", "--same-reasons", id])["total"].clone();
    assert_eq!((total("CM15-0900103/1"), total("CM15-0900103")), (5.into(), 5.into()));
    assert_eq!(imr.run(["search", "--same-reasons", "CM15-0999999/1"]).code, 2);
    // A letter is known by the name of its file where it prints no number.
    let named = server.get("/similar?text=CM15-0900200%2F1").body;
    assert!(named.contains("CM15-0900100/1"), "{named}");
}

#[test]
fn markup_in_letters_and_queries_is_text() {
    let imr = Imr::new();
    let letter = imr.write("letters/markup.txt", letter_with_markup());
    assert_eq!(imr.run(["index", &letter.display().to_string()]).code, 0);
    let server = imr.serve(&[]);
    for target in [
        "/?q=brace",
        "/?q=script",
        "/letters/CM15-0999001?q=script+img",
        "/?q=%22%3E%3Cscript%3Ealert(3)%3C/script%3E",
        "/?q=%3Cscript%3Ealert(3)&outcome=%3Cscript%3E",
        "/?%3Cscript%3E=%3Cscript%3E",
        "/letters/%3Cscript%3E",
        "/cite?id=CM15-0999001",
        "/facets/%3Cscript%3E",
        "/%3Cscript%3E",
    ] {
        let page = server.get(target);
        assert!(page.body.contains("</html>"), "{target}");
        let scripts = page.body.matches("<script").count();
        assert_eq!(scripts, page.body.matches("<script src=\"/assets/").count(), "{target}");
        assert!(!page.body.contains("<img") && !page.body.contains("<b>"), "{target}");
    }
    let shown = server.get("/letters/CM15-0999001?q=script").body;
    assert!(shown.contains("&lt;<mark id=\"m"), "{shown}");
}

#[test]
fn only_this_site_may_ask() {
    let (_imr, server) = served();
    let port = server.address.port();
    let ask = |host: &str, more: &str| {
        let request =
            format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        server.raw(request.as_bytes()).map(|answer| answer.status)
    };
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")]
    {
        assert_eq!(ask(&host, ""), Some(200), "{host}");
    }
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost", "", "a:b:c"] {
        assert_eq!(ask(host, ""), Some(421), "{host}");
    }
    let here = format!("localhost:{port}");
    assert_eq!(ask(&here, &format!("Origin: http://localhost:{port}\r\n")), Some(200));
    assert_eq!(ask(&here, "Origin: http://evil.example\r\n"), Some(403));
    assert_eq!(ask(&here, "Origin: null\r\n"), Some(403));
    assert_eq!(ask(&here, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), Some(403));
    assert_eq!(ask(&here, "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), Some(200));
    let absolute = format!(
        "GET http://evil.example/healthz HTTP/1.1\r\nHost: {here}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(server.raw(absolute.as_bytes()).unwrap().status, 421);
    let twice = format!(
        "GET /healthz HTTP/1.1\r\nHost: {here}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    );
    assert_ne!(server.raw(twice.as_bytes()).map(|answer| answer.status), Some(200));
}

#[test]
fn every_answer_says_what_a_browser_may_do() {
    let (_imr, server) = served();
    for target in ["/", "/api/search?q=knee", "/api/nothing", "/assets/imr.js", "/letters/none"] {
        let answer = server.get(target);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{target}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{target}");
        assert!(answer.header("access-control-allow-origin").is_none(), "{target}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        assert_eq!(server.ask(method, "/api/search", "").status, 405, "{method}");
    }
    assert_eq!(server.ask("GET", "/", "Content-Length: 5\r\n").status, 413);
    let head = server.ask("HEAD", "/api/search?q=knee", "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn no_answer_names_a_folder_unless_asked_to() {
    let (imr, server) = served();
    let folder = imr.path("index").display().to_string();
    let targets = [
        "/?q=knee",
        "/letters/CM13-0900131",
        "/status",
        "/api/search?q=knee",
        "/api/letters/CM13-0900131",
        "/api/items/CM13-0900131/1",
        "/api/status",
        "/metrics",
    ];
    for target in targets {
        let body = server.get(target).body;
        assert!(!body.contains(&corpus()) && !body.contains(&folder), "{target}");
    }
    let shows = imr.serve(&["--show-paths"]);
    assert!(shows.get("/api/letters/CM13-0900131").body.contains(&corpus()));
    assert!(shows.get("/api/status").body.contains(&folder));
}

#[test]
fn an_index_that_comes_changes_and_goes_is_followed() {
    let imr = Imr::new();
    let server = imr.serve(&[]);
    let page = server.get("/");
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("There is no index yet") && page.body.contains("imr index"),
        "{}",
        page.body
    );
    let problem = server.get("/api/search?q=knee");
    assert_eq!((problem.status, problem.json()["code"].as_str()), (503, Some("index-missing")));
    assert!(problem.header("retry-after").is_some());
    assert_eq!(server.json("/healthz")["index"], "index-missing");
    let total = |wanted: u64| {
        let started = Instant::now();
        loop {
            let answer = server.get("/api/search?q=brace");
            let total = (answer.status == 200).then(|| answer.json()["total"].as_u64()).flatten();
            if total == Some(wanted) {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "{answer:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let folder = imr.path("letters").display().to_string();
    imr.write("letters/a.txt", small_letter("CM15-0999001", "Red", "Upheld"));
    assert_eq!(imr.run(["index", &folder]).code, 0);
    total(1);
    imr.write("letters/b.txt", small_letter("CM15-0999002", "Green", "Overturned"));
    assert_eq!(imr.run(["index", &folder]).code, 0);
    total(2);
    imr.write("letters/c.txt", small_letter("CM15-0999003", "Blue", "Upheld"));
    assert_eq!(imr.run(["index", "--rebuild", &folder]).code, 0);
    total(3);
    assert_eq!(server.get("/letters/CM15-0999003").status, 200);
    std::fs::remove_dir_all(imr.path("index")).unwrap();
    let started = Instant::now();
    while server.get("/").status != 503 {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(100));
    }
    std::fs::create_dir_all(imr.path("index/generation-000001")).unwrap();
    std::thread::sleep(Duration::from_millis(1_200));
    assert!(server.get("/").body.contains("The index is being built"));
}

#[test]
fn an_index_of_another_schema_is_told() {
    let (imr, server) = served();
    drop(server);
    let current = std::fs::read_to_string(imr.path("index/CURRENT")).unwrap();
    let generation = current.split_whitespace().last().unwrap();
    let meta = imr.path("index").join(generation).join("meta.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    let changed = text.replace("\\\"schema\\\":", "\\\"schema\\\":9");
    assert_ne!(changed, text);
    std::fs::write(&meta, changed).unwrap();
    let server = imr.serve(&[]);
    let page = server.get("/");
    assert_eq!(page.status, 503);
    assert!(
        page.body.contains("of another version") && page.body.contains("--rebuild"),
        "{}",
        page.body
    );
    assert_eq!(server.get("/api/status").json()["code"], "index-schema");
}

#[test]
fn malformed_oversized_and_slow_requests_cost_themselves_only() {
    let (_imr, server) = served();
    let port = server.address.port();
    let head = format!("Host: localhost:{port}\r\nConnection: close\r\n");
    let long = "x".repeat(200_000);
    let requests = [
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        format!("GET /?q={long} HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("GET /?q={} HTTP/1.1\r\n{head}\r\n", "x".repeat(20_000)).into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}X: {long}\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}{}\r\n", "X: y\r\n".repeat(3_000)).into_bytes(),
        format!("GET /?q=%FF%FE%00%ZZ HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("GET /letters/%FF HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("POST / HTTP/1.1\r\n{head}Content-Length: 99999999999\r\n\r\n").into_bytes(),
        format!("POST / HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n")
            .into_bytes(),
    ];
    for request in &requests {
        if let Some(answer) = server.raw(request) {
            let shown = String::from_utf8_lossy(&request[..request.len().min(60)]);
            assert!(answer.status < 500, "{shown} {answer:?}");
        }
    }
    // Many that begin and never end, while others are served.
    let mut slow: Vec<_> = (0..50).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"GET / HTTP/1.1\r\nHos").unwrap();
    }
    assert_eq!(server.get("/api/search?q=knee").status, 200);
    // The first of them is let go after its time.
    let mut rest = Vec::new();
    drop(slow[0].read_to_end(&mut rest));
    assert!(
        rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
        "{}",
        String::from_utf8_lossy(&rest)
    );
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn many_at_once_are_all_answered() {
    let (_imr, server) = served();
    let queries = [
        "knee",
        "acupunct*",
        "pain NEAR/5 relief",
        "tramadl~1",
        "\"not medically necessary\"",
        "MRI",
    ];
    std::thread::scope(|scope| {
        for turn in 0..24 {
            let server = &server;
            scope.spawn(move || {
                for (at, query) in queries.iter().enumerate() {
                    let query = query.replace(' ', "+").replace('"', "%22");
                    let target = format!("/api/search?q={query}&offset={}", (turn * 7 + at) % 5);
                    assert_eq!(server.get(&target).status, 200, "{target}");
                }
            });
        }
    });
    let figures = server.get("/metrics").body;
    assert!(
        figures.contains("imr_http_requests_total{route=\"/api/search\",status=\"2xx\"} 144"),
        "{figures}"
    );
    assert!(figures.contains("imr_work_running{lane=\"costly\"} 0"));
}

#[cfg(unix)]
#[test]
fn it_ends_when_asked_to_and_keeps_queries_to_itself() {
    let (imr, server) = served();
    assert_eq!(server.get("/?q=secretword").status, 200);
    let mut idle = server.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let started = Instant::now();
    let (code, said) = server.stop();
    assert_eq!(code, Some(0), "{said}");
    assert!(started.elapsed() < Duration::from_secs(14));
    assert!(!said.contains("secretword"), "{said}");
    let logs = imr.serve(&["--log-queries"]);
    assert_eq!(logs.get("/?q=secretword").status, 200);
    let (_, said) = logs.stop();
    assert!(said.contains("/?q=secretword"), "{said}");
}

#[test]
fn another_address_must_be_meant() {
    let imr = Imr::new();
    let ran = imr.run(["serve", "--addr", "0.0.0.0:0"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--allow-remote"), "{}", ran.err);
    assert_eq!(imr.run(["serve", "--addr", "nonsense"]).code, 2);
    let taken = imr.serve(&[]);
    let ran = imr.run(["serve", "--addr", &taken.address.to_string()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hint:"), "{}", ran.err);
}

#[test]
fn memory_stays_flat() {
    let (_imr, server) = served();
    let ask = |from: usize, to: usize| {
        for at in from..to {
            let target = format!("/?q=knee+OR+pain{}&offset={}", at % 50, at % 30);
            assert_eq!(server.get(&target).status, 200, "{target}");
        }
    };
    ask(0, 300);
    let Some(before) = server.memory() else { return };
    ask(300, 900);
    let after = server.memory().unwrap();
    assert!(after < before + (24 << 20), "{before} {after}");
}
