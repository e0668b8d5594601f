//! What holds for every operation: the ground rules of the API, tried on organisations and users.

use serde_json::{Value, json};

use crate::kit::{Answer, Client, Wire, World, both, contract};

fn board(world: &World, name: &str) -> Value {
    json!({"parentId": world.root, "kind": "board", "name": name, "validFrom": "2024-01-01", "plans": true})
}

fn at(id: &str) -> String {
    format!("/organisations/{id}")
}

/// The paths of each relation in a `Link` header.
fn links(header: &str) -> Vec<(String, String)> {
    header
        .split(", ")
        .map(|link| {
            let (address, rel) = link.split_once(">; rel=").expect("a link");
            (rel.trim_matches('"').to_owned(), address.trim_start_matches("</api/v1").to_owned())
        })
        .collect()
}

fn outside(client: &Client, path: &str) -> (u16, String) {
    let answer = client.send_outside("GET", path, None);
    (answer.status, String::from_utf8(answer.body).expect("text"))
}

both! {
    fn a_service_tells_that_it_lives_and_is_ready(world: &World) {
        let nobody = world.as_nobody();
        assert_eq!(outside(&nobody, "/healthz"), (200, "alive\n".into()));
        assert_eq!(outside(&nobody, "/readyz"), (200, "ready\n".into()));
        nobody.get("/api-info").expect(200);
        nobody.get("/me").expect(401);
        let (status, text) = outside(&nobody, "/metrics");
        assert_eq!(status, 200);
        let counted = "riskregister_http_requests_seconds_count{route=\"/api/v1/api-info\",method=\"GET\",status=\"2xx\"}";
        assert!(text.contains(counted), "{text}");
    }

    fn the_documentation_is_served(world: &World) {
        let (status, page) = outside(&world.as_nobody(), "/api/v1/docs/");
        assert_eq!(status, 200);
        assert!(page.contains("swagger-ui"));
        let policy = |path: &str| {
            let answer = world.as_nobody().send_outside("GET", path, None);
            answer.header("content-security-policy").to_owned()
        };
        for path in ["/api/v1/docs/", "/sign-in", "/api/v1/api-info", "/api/v1/nowhere", "/nowhere", "/readyz"] {
            let policy = policy(path);
            assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{path}");
            assert!(!policy.contains("script-src") || policy.contains("script-src 'self';"), "{path}: {policy}");
        }
    }

    fn whatever_goes_wrong_is_told_as_a_problem(world: &World) {
        let answer = world.admin.get(&at("nothing")).expect(404);
        assert_eq!(answer["type"], "urn:riskregister:problem:not-found");
        assert_eq!(answer["status"], 404);
        assert_eq!(answer["title"], "Finns inte");
        assert!(answer.text("instance").starts_with("urn:uuid:"));
        assert_eq!(answer.header("content-language"), "sv");
        for (path, method) in [("/nothing/here", "GET"), ("/", "GET"), ("", "POST"), ("/users/", "GET")] {
            world.admin.send(method, path, None).expect(404);
        }
        let answer = world.admin.send_outside("GET", "/elsewhere", None).expect(404);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        for header in ["x-content-type-options", "referrer-policy", "x-frame-options"] {
            answer.header(header);
        }
    }

    fn a_malformed_id_is_nothing(world: &World) {
        let id = &world.board;
        for odd in [
            "1", "%00", "%FF%FE", "..%2F..", "%C3%A5", "a%2Fb", &id.replace('-', ""), &format!("{{{id}}}"), &format!("urn:uuid:{id}"),
            &format!("{id}%20"), &"9".repeat(2000),
        ] {
            world.admin.get(&at(odd)).expect(404);
            world.admin.with("if-match", "*").patch(&at(odd), json!({})).expect(404);
        }
        // Capital letters are the same id.
        assert_eq!(world.admin.get(&at(&id.to_uppercase())).expect(200).id(), *id);
    }

    fn other_methods_are_refused_with_those_that_are_allowed(world: &World) {
        for (method, path, allowed) in [
            ("PUT", "/organisations", "GET, HEAD, POST, OPTIONS"), ("DELETE", "/organisations", "GET, HEAD, POST, OPTIONS"),
            ("POST", at(&world.board).as_str(), "GET, HEAD, PATCH, OPTIONS"), ("GET", "/me/password", "PUT, OPTIONS"),
        ] {
            assert_eq!(world.admin.send(method, path, None).expect(405).header("allow"), allowed, "{method} {path}");
            let told = world.admin.send_outside("OPTIONS", &format!("/api/v1{path}"), None).expect(204);
            assert_eq!(told.header("allow"), allowed, "{path}");
        }
        world.admin.send_outside("HEAD", "/api/v1/me/password", None).expect(405);
    }

    /// RFC 9110, 9.3.2: whatever is answered to GET but the content.
    fn head_is_answered_wherever_get_is(world: &World) {
        let api = ["/organisations?limit=2", &at(&world.board), &at("1"), "/openapi.yaml", "/nowhere"];
        let api = api.map(|path| format!("/api/v1{path}"));
        let outside = ["/healthz", "/readyz", "/metrics", "/sign-in", "/assets/style.css", "/nowhere"].map(str::to_owned);
        for path in api.iter().chain(&outside) {
            let wanted = world.admin.send_outside("GET", path, None);
            let heard = world.admin.send_outside("HEAD", path, None);
            assert_eq!((heard.status, heard.body.len()), (wanted.status, 0), "{path}");
            for header in ["content-type", "etag", "link", "cache-control"] {
                assert_eq!(heard.headers.get(header), wanted.headers.get(header), "{path} {header}");
            }
        }
    }

    /// Each answer names its request, as the log and the history do, and goes on with the trace that it came with.
    fn an_answer_names_its_request_and_its_trace(world: &World) {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let traced = world.admin.with("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
        let parts = |answer: &Answer| answer.header("traceparent").split('-').map(str::to_owned).collect::<Vec<_>>();
        let answer = traced.get("/organisations").expect(200);
        assert_eq!(parts(&answer)[1], trace);
        let refused = world.admin.get("/nowhere").expect(404);
        assert_eq!(refused.text("instance"), format!("urn:uuid:{}", refused.header("x-request-id")));
        assert_eq!(parts(&refused)[1], refused.header("x-request-id").replace('-', ""));
        assert_ne!(answer.header("x-request-id"), refused.header("x-request-id"));
        world.admin.send_outside("GET", "/sign-in", None).header("x-request-id");
    }

    fn parameters_are_known_and_well_formed(world: &World) {
        let faults = |query: &str| -> Vec<(String, String)> {
            let answer = world.admin.get(&format!("/organisations?{query}")).expect(400);
            answer.faults().into_iter().map(|(p, c)| (p.to_owned(), c.to_owned())).collect()
        };
        let one = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        assert_eq!(faults("colour=red"), one("?colour", "unknownParameter"));
        assert_eq!(faults("page=1&page=2"), one("?page", "duplicate"));
        for wrong in ["0", "-1", "+1", "1.0", "one", "", "99999999999999999999"] {
            assert_eq!(faults(&format!("page={}", wrong.replace('+', "%2B"))), one("?page", "wrongFormat"), "{wrong}");
        }
        assert_eq!(faults("limit=201"), one("?limit", "wrongFormat"));
        assert_eq!(faults("limit=0"), one("?limit", "wrongFormat"));
        assert_eq!(faults("kind=village"), one("?kind", "wrongFormat"));
        assert_eq!(faults("plans=1"), one("?plans", "wrongFormat"));
        assert_eq!(faults("validOn=2024-02-30"), one("?validOn", "wrongFormat"));
        assert_eq!(faults("parentId=1"), one("?parentId", "wrongFormat"));
        for wrong in ["shoeSize", "name,name", "name,-name", "", "name,", "--name", "path"] {
            assert_eq!(faults(&format!("sort={wrong}")), one("?sort", "wrongFormat"), "{wrong}");
        }
        assert_eq!(faults("q=%00"), one("?q", "wrongFormat"));
        assert_eq!(faults("page=0&limit=0&colour=red").len(), 3, "all at once");
        // A single thing takes none at all.
        assert_eq!(world.admin.get(&format!("{}?page=1", at(&world.board))).refused(400, "unknownParameter").faults().len(), 1);
    }

    fn lists_are_paged_and_linked(world: &World) {
        let list = world.admin.get("/organisations?limit=2&sort=-name&page=2").expect(200);
        assert_eq!((&list["page"], &list["limit"], &list["total"]), (&json!(2), &json!(2), &json!(5)));
        let links = links(list.header("link"));
        let names: Vec<&str> = links.iter().map(|(rel, _)| rel.as_str()).collect();
        assert_eq!(names, ["first", "last", "prev", "next"]);
        let mut seen = Vec::new();
        let mut path = links[0].1.clone();
        loop {
            let page = world.admin.get(&path).expect(200);
            seen.extend(page.column("name").into_iter().map(str::to_owned));
            let Some((_, next)) = self::links(page.header("link")).into_iter().find(|(rel, _)| rel == "next") else { break };
            path = next;
        }
        assert_eq!(seen, ["Trafiknämnden", "Scenkonst", "Region Exempel", "Länsteatern", "Kulturnämnden"]);
        // Past the end there is nothing, and a way back.
        let beyond = world.admin.get("/organisations?limit=2&page=9").expect(200);
        assert_eq!(beyond["items"], json!([]));
        assert!(beyond.header("link").contains("page=3>; rel=\"prev\""));
        assert_eq!(world.admin.get("/organisations").expect(200)["limit"], 20);
        // The links keep the filters, with what must be escaped escaped.
        let found = world.admin.get("/organisations?q=%C3%A4%20%26%20b&limit=1").expect(200);
        assert!(found.header("link").contains("q=%C3%A4+%26+b"), "{}", found.header("link"));
    }

    fn what_has_not_changed_is_not_sent_again(world: &World) {
        for path in ["/organisations?kind=board", &at(&world.board), "/me", "/api-info"] {
            let first = world.admin.get(path).expect(200);
            let tag = first.header("etag");
            let weak = path.starts_with("/organisations?") || path == "/api-info";
            assert_eq!(tag.starts_with("W/\""), weak, "{path} {tag}");
            let again = world.admin.with("if-none-match", tag).get(path).expect(304);
            assert_eq!(again.header("etag"), tag);
            assert!(again.body.is_empty());
            world.admin.with("if-none-match", &format!("\"other\", {tag}")).get(path).expect(304);
            world.admin.with("if-none-match", "*").get(path).expect(304);
            world.admin.with("if-none-match", "\"other\"").get(path).expect(200);
        }
        let list = world.admin.get("/organisations").expect(200);
        world.admin.patch_current(&at(&world.board), json!({"abbreviation": "KN"})).expect(200);
        world.admin.with("if-none-match", list.header("etag")).get("/organisations").expect(200);
    }

    fn a_change_names_the_version_it_was_made_from(world: &World) {
        let path = at(&world.board);
        let tag = world.admin.get(&path).expect(200).header("etag").to_owned();
        let name = |name: &str| json!({"name": name});
        world.admin.patch(&path, name("Ett")).expect(428);
        world.admin.with("if-match", "\"stale\"").patch(&path, name("Ett")).expect(412);
        world.admin.with("if-match", &format!("W/{tag}")).patch(&path, name("Ett")).expect(412);
        world.admin.with("if-match", &format!("\"stale\", {tag}")).patch(&path, name("Ett")).expect(200);
        world.admin.with("if-match", &tag).patch(&path, name("Två")).expect(412);
        world.admin.with("if-match", "*").patch(&path, name("Tre")).expect(200);
        assert_eq!(world.admin.get(&path)["name"], "Tre");
    }

    fn a_strong_tag_is_the_same_however_the_answer_is_packed(world: &World) {
        // A resource is sent as it is, so that its tag is that of the bytes; a list may be packed.
        let packed = world.admin.with("accept-encoding", "gzip");
        let one = packed.send_outside("GET", &format!("/api/v1{}", at(&world.board)), None).expect(200);
        assert_eq!(one.maybe_header("content-encoding"), None);
        assert_eq!(one.header("etag"), world.admin.get(&at(&world.board)).header("etag"));
        world.admin.with("if-match", one.header("etag")).patch(&at(&world.board), json!({"name": "N"})).expect(200);
        let url = "/api/v1/openapi.yaml";
        assert_eq!(packed.send_outside("GET", url, None).expect(200).header("content-encoding"), "gzip");
        assert_eq!(world.admin.send_outside("GET", url, None).expect(200).maybe_header("content-encoding"), None);
    }

    fn bodies_are_json_of_the_right_type_and_size(world: &World) {
        let path = "/organisations";
        let send = |content_type: &str, body: &[u8]| {
            world.admin.with("content-type", content_type).send_bytes("POST", path, Some(body.to_vec()))
        };
        for wrong in ["text/plain", "application/xml", "application/merge-patch+json", "json"] {
            send(wrong, b"{}").expect(415);
        }
        world.admin.send_bytes("POST", path, Some(b"{}".to_vec())).expect(415);
        for odd in [&b"{"[..], b"", b"{}{}", b"\xff\xfe", b"{\"a\":\xff}", b"NaN", b"[1,]"] {
            send("application/json", odd).refused(400, "notJson");
        }
        for odd in ["[]", "1", "\"text\"", "null"] {
            send("application/json", odd.as_bytes()).expect(422);
        }
        send("application/json", "[".repeat(100_000).as_bytes()).refused(400, "notJson");
        send("application/json; charset=utf-8", b"{}").expect(422);
        send("Application/JSON", b"{}").expect(422);
        send("application/json", &vec![b' '; 3_000_000]).expect(413);
        // A merge patch is JSON, and may say so.
        let one = at(&world.board);
        let patch = |content_type: &str| {
            world.admin.current(&one).with("content-type", content_type).patch(&one, json!({"abbreviation": "KN"}))
        };
        patch("application/json").expect(200);
        patch("application/merge-patch+json").expect(200);
        patch("application/json-patch+json").expect(415);
    }

    /// Two readers of such a body, one here and one before it, would each take another value.
    fn no_body_names_a_field_twice(world: &World) {
        let nobody = uuid::Uuid::now_v7().to_string();
        let mut tried = 0;
        for operation in riskregister::api::operations().into_iter().filter(|o| o.form.is_some() && !o.oauth) {
            let steps = operation.path.split('/').map(|step| if step.starts_with('{') { &nobody } else { step });
            let path = steps.collect::<Vec<_>>().join("/");
            let send = |body: &str| {
                let client = world.admin.with("content-type", "application/json").with("if-match", "*");
                client.send_bytes(&operation.method.to_uppercase(), &path, Some(body.as_bytes().to_vec()))
            };
            for (twice, pointer) in [
                (r#"{"name": 1, "name": 1}"#, "/name"),
                (r#"{"name": 1, "n\u0061me": 2}"#, "/name"),
                (r#"{"a": [{"b/c": {"d": 1, "d": 2}}]}"#, "/a/0/b~1c/d"),
            ] {
                assert_eq!(send(twice).expect(400).faults(), [(pointer, "duplicate")], "{}", operation.id);
            }
            tried += 1;
        }
        assert!(tried > 60, "{tried}");
    }

    fn every_fault_of_the_content_is_told_at_once(world: &World) {
        let answer = world.admin.post("/organisations", json!({
            "id": uuid::Uuid::now_v7(), "kind": "village", "name": "   ", "abbreviation": "x".repeat(51),
            "validFrom": "2024-13-01", "plans": "yes", "bodyId": null, "version": 1,
        })).expect(422);
        assert_eq!(answer.faults(), [
            ("/abbreviation", "tooLong"), ("/bodyId", "unknownField"), ("/id", "unknownField"), ("/kind", "unknownWord"),
            ("/name", "tooShort"), ("/plans", "wrongType"), ("/validFrom", "wrongFormat"), ("/version", "unknownField"),
        ]);
        let answer = world.admin.post("/organisations", json!({})).expect(422);
        assert_eq!(answer.faults(), [("/kind", "required"), ("/name", "required"), ("/validFrom", "required")]);
        let answer = world.admin.patch_current(&at(&world.board), json!({"updatedAt": null, "path": "x", "name": "a\u{1}b"})).expect(422);
        // A field that cannot be written cannot be taken away by null either.
        assert_eq!(answer.faults(), [
            ("/name", "controlCharacter"), ("/path", "unknownField"), ("/updatedAt", "unknownField"),
        ]);
        let two = json!({"parentId": uuid::Uuid::now_v7(), "kind": "unit", "name": "E", "validFrom": "2024-01-01",
            "validTo": "2023-01-01", "plans": true});
        let answer = world.admin.post("/organisations", two).expect(422);
        assert_eq!(answer.faults(), [("/parentId", "unknownReference"), ("/plans", "notABody"), ("/validTo", "beforeStart")]);
    }

    fn texts_come_back_as_they_were_sent(world: &World) {
        for text in ["Å ä Ö – “citat” 🦔", "'; DROP TABLE users; --", "<script>alert(1)</script>", "%_\\", "e\u{301}", "\u{202e}x"] {
            let made = world.admin.post("/organisations", board(world, text)).expect(201);
            assert_eq!(made["name"], text.trim());
        }
    }

    fn answers_come_in_swedish_or_english(world: &World) {
        let title = |wanted: &str| world.admin.with("accept-language", wanted).get("/nothing").expect(404).text("title");
        for swedish in ["", "sv", "sv-SE", "de", "*", "en;q=0.5, sv;q=0.6", "sv, en", "q=;;,,"] {
            assert_eq!(title(swedish), "Finns inte", "{swedish}");
        }
        for english in ["en", "EN-gb", "de, en;q=0.3", "sv;q=0.4, en;q=0.5", "fr;q=0.9, en;q=0.8"] {
            assert_eq!(title(english), "Not found", "{english}");
        }
        let answer = world.admin.with("accept-language", "en").post("/organisations", json!({})).expect(422);
        assert_eq!(answer["errors"][0]["detail"], "This is required.");
    }

    fn a_type_that_is_not_offered_is_not_acceptable(world: &World) {
        let accept = |what: &str, path: &str| world.admin.with("accept", what).get(path).status;
        for fine in ["application/json", "*/*", "application/*", "text/html, */*;q=0.1", "APPLICATION/JSON"] {
            assert_eq!(accept(fine, &at(&world.board)), 200, "{fine}");
        }
        for other in ["text/html", "application/pdf", "application/json;q=0", "image/*"] {
            assert_eq!(accept(other, &at(&world.board)), 406, "{other}");
            assert_eq!(accept(other, &at(&uuid::Uuid::now_v7().to_string())), 404, "{other}");
        }
        // Nothing was made for one who would not have taken the answer.
        let client = world.admin.with("accept", "text/html");
        client.post("/organisations", board(world, "Ingen")).expect(406);
        assert_eq!(world.admin.get("/organisations").expect(200)["total"], 5);
    }

    fn the_first_thing_wrong_is_told_first(world: &World) {
        let (there, nowhere) = (at(&world.board), at(&uuid::Uuid::now_v7().to_string()));
        let bad_json = |client: &Client, path: &str| {
            client.with("content-type", "application/json").send_bytes("PATCH", path, Some(b"{".to_vec()))
        };
        let nobody = world.as_nobody();
        // 401 before 400
        bad_json(&nobody, &nowhere).expect(401);
        nobody.get("/organisations?colour=red").expect(401);
        // 400 before 404 and 403
        bad_json(&world.reader, &nowhere).expect(400);
        world.reader.get(&format!("{nowhere}?colour=red")).expect(400);
        bad_json(&world.reader, &there).expect(400);
        // 404 before 403, 406 and 415
        let awkward = |client: &Client| client.with("content-type", "text/plain").with("accept", "text/html");
        awkward(&world.reader).send_bytes("PATCH", &nowhere, Some(b"{".to_vec())).expect(404);
        // 403 before 406, 415, 428
        awkward(&world.reader).send_bytes("PATCH", &there, Some(b"{".to_vec())).expect(403);
        // 406 before 413 and 415
        awkward(&world.admin).send_bytes("PATCH", &there, Some(b"{".to_vec())).expect(406);
        // 413 before 415
        world.admin.with("content-type", "text/plain").send_bytes("PATCH", &there, Some(vec![b' '; 2_000_000])).expect(413);
        // 415 before 428
        world.admin.with("content-type", "text/plain").send_bytes("PATCH", &there, Some(b"{".to_vec())).expect(415);
        // 428 before 422
        world.admin.patch(&there, json!({"nonsense": 1})).expect(428);
        // 412 before 422
        world.admin.with("if-match", "\"stale\"").patch(&there, json!({"nonsense": 1})).expect(412);
        // 422 before 409
        let admin = format!("/users/{}", world.admin_id);
        world.admin.patch_current(&admin, json!({"active": false, "nonsense": 1})).expect(422);
        world.admin.patch_current(&admin, json!({"active": false})).expect(409);
    }

    fn the_same_request_again_gets_the_same_answer(world: &World) {
        let client = world.admin.with("idempotency-key", "a key of ours");
        let first = client.post("/organisations", board(world, "Xenix")).expect(201);
        let again = client.post("/organisations", board(world, "Xenix")).expect(201);
        assert_eq!(first.body, again.body);
        for header in ["etag", "location", "content-type"] {
            assert_eq!(first.header(header), again.header(header));
        }
        assert_eq!(world.admin.get("/organisations?q=xenix").expect(200).column("id"), [first.id()]);
        // The order of the fields is not content.
        let turned = r#"{"plans":true,"validFrom":"2024-01-01","name":"Xenix","kind":"board","parentId":"ROOT"}"#;
        let turned = turned.replace("ROOT", &world.root).into_bytes();
        let json = client.with("content-type", "application/json");
        assert_eq!(json.send_bytes("POST", "/organisations", Some(turned)).expect(201).body, first.body);
        // The answer was given; what has happened since does not change it.
        world.admin.patch_current(&at(&first.id()), json!({"name": "Omdöpt"})).expect(200);
        assert_eq!(client.post("/organisations", board(world, "Xenix")).expect(201).body, first.body);
    }

    fn a_key_is_for_one_content_one_person_and_one_path(world: &World) {
        let key = |client: &Client| client.with("idempotency-key", "k");
        let first = key(&world.admin).post("/organisations", board(world, "Xenix")).expect(201);
        key(&world.admin).post("/organisations", board(world, "Två")).refused(422, "reusedKey");
        let form = json!({"organisationId": world.board, "name": "Ny", "email": "ny@example.org"});
        key(&world.admin).post("/users", form).expect(201);
        let second = world.person_with("Tvåan Admin", &world.root, "regionAdministrator", &world.root);
        assert_ne!(key(&second).post("/organisations", board(world, "Xenix")).expect(201).id(), first.id());
        world.admin.with("idempotency-key", &"k".repeat(256)).post("/organisations", board(world, "Tre")).expect(400);
        world.admin.with("idempotency-key", "").post("/organisations", board(world, "Tre")).expect(400);
    }

    fn a_refusal_is_not_kept(world: &World) {
        let client = world.admin.with("idempotency-key", "k");
        client.post("/organisations", json!({})).expect(422);
        let made = client.post("/organisations", board(world, "Xenix")).expect(201);
        assert_eq!(client.post("/organisations", board(world, "Xenix")).expect(201).body, made.body);
    }

    fn the_same_request_at_once_makes_one_thing(world: &World) {
        let client = world.admin.with("idempotency-key", "k");
        let answers: Vec<_> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| client.post("/organisations", board(world, "Xenix"))))
                .collect();
            tries.into_iter().map(|t| t.join().expect("an answer")).collect()
        });
        let made: Vec<_> = answers.iter().filter(|a| a.status == 201).collect();
        assert!(!made.is_empty());
        for answer in &answers {
            match answer.status {
                201 => assert_eq!(answer.body, made[0].body),
                _ => assert_eq!((answer.status, &answer["code"]), (409, &json!("stillRunning"))),
            }
        }
        assert_eq!(world.admin.get("/organisations?q=xenix").expect(200)["total"], 1);
    }

    fn a_header_beyond_ascii_is_answered(world: &World) {
        let token = world.token(&world.controller.id);
        let mut wire = Wire::connect(&world.address, &token).expect("it listens");
        for name in ["accept", "accept-language", "if-match", "if-none-match", "content-type", "idempotency-key"] {
            for method in ["GET", "POST"] {
                let sent = wire.send(method, "/api/v1/plans", &[(name, "\"åäö\"")], "");
                let status = sent.map(|reply| reply.status).unwrap_or_else(|fault| panic!("{method} with {name}: {fault}"));
                assert!(status < 500, "{method} with {name}: {status}");
            }
        }
    }

    fn what_a_client_sends_is_never_our_fault(world: &World) {
        let texts = [json!("\u{0}"), json!("\u{fffe}"), json!(1e308), json!([[[]]]), json!("9".repeat(5000)), json!("+262142-12-31")];
        for (method, path, operation) in contract().operations() {
            let Some(content) = operation["requestBody"]["content"].as_object() else { continue };
            // What would end the session, or lock the address.
            if path.starts_with("/sessions") || path == "/me/password" {
                continue;
            }
            let example = content.values().next().map(|m| m["example"].clone()).unwrap_or_default();
            let path = path.replace("{id}", &world.board).replace("{grantId}", &world.board);
            for field in example.as_object().into_iter().flatten().map(|(name, _)| name) {
                for odd in &texts {
                    let mut body = example.clone();
                    body[field] = odd.clone();
                    let status = world.admin.with("if-match", "*").send(&method.to_uppercase(), &path, Some(body)).status;
                    assert!(status < 500, "{method} {path} {field} {odd}");
                }
            }
        }
    }
}
