//! Rules of classification on invented titles and fields.

use super::*;
use crate::letter::UrAction;

fn classifier() -> Classifier {
    let vocabularies = Vocabularies::load(None).expect("the compiled-in files load");
    Classifier::new(&vocabularies).expect("they make matchers")
}

fn item(title: &str) -> Item {
    Item {
        number: 1,
        title: title.to_owned(),
        disputed: title.to_owned(),
        outcome: Outcome::Upheld,
        ur_action: UrAction::Denied,
        ..Item::default()
    }
}

fn facets(title: &str) -> ItemFacets {
    classifier().item(&item(title), &mut Vec::new())
}

fn paths(found: &[Found]) -> Vec<&str> {
    found.iter().map(|found| found.path.as_str()).collect()
}

#[test]
fn sides() {
    for (title, side) in [
        ("Brace for the left knee", "left"),
        ("Left knee brace and right wrist splint", "bilateral"),
        ("Bilateral knee braces", "bilateral"),
        ("Braces, bil knees", "bilateral"),
        ("EMG of the RUE", "right"),
        ("Knee braces", "none"),
        ("L knee brace", "left"),
        ("Brace, knee (R)", "right"),
        ("Thumb spica splint, R", "right"),
        ("Bursa injection (L)", "left"),
        ("Bursa injection, L, under ultrasound", "left"),
        ("Release of the sheath, R ring", "right"),
        ("Films of C, T, L, and the pelvis", "none"),
        ("Back brace, L, XL", "none"),
        ("MRI of cervical, L, and thoracic spine", "none"),
        ("M.R.I. of the lumbar spine", "none"),
        ("T.L.S.O. brace", "none"),
        ("Back brace, size L", "none"),
        ("Norco (R) 10/325mg", "none"),
        ("P.R.P. injection, left elbow", "left"),
        ("Both Norco and Soma", "none"),
        ("Therapy for both the neck and right shoulder", "right"),
        ("Braces for both knees", "bilateral"),
        ("Injections to both the knees", "bilateral"),
        ("MRI both knee", "bilateral"),
        ("Wrist braces, both", "bilateral"),
        ("X-ray both sides of the hip", "bilateral"),
        ("R/L knee x-rays", "bilateral"),
        ("MRI R and L hips", "bilateral"),
        ("MRI R & L knee", "bilateral"),
        ("Wrist braces (R) and (L)", "bilateral"),
        ("Facet blocks L4-5 R then L", "bilateral"),
        ("R MBB L3-L5", "right"),
        ("R sided facet injection C4-5", "right"),
        ("Physical therapy for the R.U.E.", "right"),
    ] {
        assert_eq!(facets(title).laterality.path, side, "{title}");
    }
}

#[test]
fn a_surgery_before_or_after_which_something_is_asked_for_is_not_asked_for() {
    let therapy = "rehabilitation/physical-occupational-therapy";
    for (title, treatments) in [
        ("Physical therapy 2x6 s/p right knee arthroscopy", &[therapy][..]),
        ("PT for left knee after total knee replacement", &[therapy]),
        ("Evaluation for carpal tunnel release, left", &["evaluation/medical"]),
        ("Psych evaluation prior to lumbar surgery", &["psych/evaluation"]),
        ("Assistant surgeon for L4-5 fusion", &["surgery/adjunct"]),
        ("Right knee arthroscopy", &["surgery/arthroscopic"]),
        ("Valium prior to CT scan", &["pharmaceutical/benzodiazepine"]),
        ("Consultation for cervical epidural steroid injection", &["evaluation/medical"]),
        ("Follow-up visit after EMG", &["evaluation/medical"]),
        ("Follow-up visit with Dr. Doe after CT", &["evaluation/medical"]),
        (
            "Valium prior to CT, CT thoracic spine",
            &["pharmaceutical/benzodiazepine", "diagnostic/imaging"],
        ),
        (
            "Valium prior to CT and CT of the hip",
            &["pharmaceutical/benzodiazepine", "diagnostic/imaging"],
        ),
        ("Office visit after fall CT hip", &["evaluation/medical", "diagnostic/imaging"]),
        ("Office visit for injection of left hip", &["evaluation/medical", "injection/other"]),
        ("Lab: CMP before starting naproxen 500mg", &["diagnostic/laboratory"]),
        ("Urine drug screen prior to next refill of Norco 10/325", &["diagnostic/laboratory"]),
        (
            "Omeprazole 20mg before naproxen 500mg",
            &["pharmaceutical/proton-pump-inhibitor", "pharmaceutical/nsaid"],
        ),
        ("Consult for possible CESI", &["evaluation/medical"]),
        ("CT with 3D reconstruction", &["diagnostic/imaging"]),
        ("Transportation to and from the outpatient surgery center", &["transportation"]),
        ("Pre-procedure evaluation prior to epidural injection", &["evaluation/medical"]),
        (
            "Consultation and cervical epidural steroid injection",
            &["evaluation/medical", "injection/epidural"],
        ),
        (
            "CT scan after cervical epidural injection",
            &["diagnostic/imaging", "injection/epidural"],
        ),
        ("Request for left carpal tunnel release", &["surgery/open"]),
        (
            "Norco 5/325 #60; authorization for left carpal tunnel release",
            &["pharmaceutical/opioid", "surgery/open"],
        ),
        (
            "Knee brace, surgery authorization for ACL reconstruction",
            &["dme/orthotics-prosthetics", "surgery/arthroscopic"],
        ),
        (
            "Crutches and request for right knee arthroscopy",
            &["dme/equipment", "surgery/arthroscopic"],
        ),
        ("Physical therapy x 12 s/p shoulder arthroscopy and rotator cuff repair", &[therapy]),
        ("Outpatient surgery for carpal tunnel release", &["surgery/adjunct", "surgery/open"]),
        ("Ganglion cyst removal left wrist with physical therapy x 12", &["surgery/open", therapy]),
        ("Right knee arthroscopy and 12 visits of PT", &["surgery/arthroscopic", therapy]),
        ("CT scan of the abdomen to rule out hernia", &["diagnostic/imaging"]),
        ("Inguinal hernia repair", &["surgery/open"]),
        ("Diagnostic ultrasound-guided left hip injection", &["injection/other"]),
        ("M.R.I. of the knee", &["diagnostic/imaging"]),
    ] {
        assert_eq!(paths(&facets(title).treatments), treatments, "{title}");
    }
}

#[test]
fn parts_of_furniture_are_none_of_the_body() {
    for title in ["Shower chair with back", "Raised toilet seat with arms"] {
        assert_eq!(paths(&facets(title).regions), [""; 0], "{title}");
    }
    assert_eq!(facets("Retro-patellar bursa injection").timing.path, "prospective");
}

#[test]
fn letters_of_a_drug_s_form_and_what_a_request_is_for_are_no_treatments() {
    for (title, treatments) in [
        ("Venlafaxine XR 75mg #30", &["pharmaceutical/antidepressant"][..]),
        ("XR of the lumbar spine", &["diagnostic/imaging"]),
        ("Urine drug screen for opioid compliance", &["diagnostic/laboratory"]),
        ("Consultation with a toxicologist", &["evaluation/medical"]),
        ("PT to the LLE", &["rehabilitation/physical-occupational-therapy"]),
    ] {
        assert_eq!(paths(&facets(title).treatments), treatments, "{title}");
    }
}

#[test]
fn codes_of_procedures_name_what_is_asked_for() {
    for (title, treatment, region) in [
        ("CPT 97810/97811 x 6", "rehabilitation/acupuncture", None),
        ("72148 without contrast", "diagnostic/imaging", Some("spine/lumbar")),
        ("72148 of the left knee", "diagnostic/imaging", Some("lower-extremity/knee")),
        ("CPT 64721, right", "surgery/open", Some("upper-extremity/forearm-wrist")),
        ("Purchase of E0730", "dme/electrical-stimulation", None),
    ] {
        let found = facets(title);
        assert_eq!(paths(&found.treatments), [treatment], "{title}");
        assert_eq!(paths(&found.regions), region.into_iter().collect::<Vec<_>>(), "{title}");
    }
    assert_ne!(paths(&facets("Norco #97810").treatments), ["rehabilitation/acupuncture"]);
}

#[test]
fn timing_is_prospective_unless_said_otherwise() {
    assert_eq!(facets("Knee brace").timing.path, "prospective");
    assert_eq!(facets("Knee brace (DOS 1/2/16)").timing.path, "retrospective");
}

#[test]
fn regions_come_from_the_title_with_their_words() {
    let facets = facets("Brace for the lumbar spine and the left knees");
    assert_eq!(paths(&facets.regions), ["spine/lumbar", "lower-extremity/knee"]);
    assert_eq!(facets.regions[1].words, "knees");
    assert_eq!(facets.region_basis(), Some("item"));
    assert_eq!(
        paths(&super::tests::facets("Brace for neck and back").regions),
        ["spine/cervical", "spine/unspecified"]
    );
}

#[test]
fn regions_that_the_rationale_ties_to_the_request() {
    let of = |rationale: &str| {
        let item = Item { rationale: Some(rationale.to_owned()), ..item("Diclofenac gel") };
        let read = classifier().item(&item, &mut Vec::new());
        paths(&read.regions).iter().map(|path| (*path).to_owned()).collect::<Vec<_>>()
    };
    for (rationale, regions) in [
        ("It is used for the patient's knee.", vec!["lower-extremity/knee"]),
        ("The gel is to be rubbed onto that elbow.", vec!["upper-extremity/elbow"]),
        ("This diclofenac gel is wanted because her knee hurts.", vec!["lower-extremity/knee"]),
        ("He rubs it in twice a day for pain about the elbow.", vec!["upper-extremity/elbow"]),
        ("This request concerns chronic low back pain.", vec!["spine/lumbar"]),
        ("Two tubes for the knees are not medically necessary.", vec!["lower-extremity/knee"]),
        ("The gel is not medically necessary for the knee.", vec!["lower-extremity/knee"]),
        (
            "She has neck pain. The gel is not medically necessary for her knee.",
            vec!["lower-extremity/knee"],
        ),
        ("Since the brace of the knee was granted, gel is not medically necessary.", vec![]),
        ("The gel is not medically necessary while surgery to the knee is pending.", vec![]),
        ("In view of the scan of the knee the gel is not medically necessary.", vec![]),
        ("Her migraines come twice a month.", vec!["head/brain"]),
        ("Such a gel is used for knees.", vec![]),
        ("Gels are used for the relief of pain in the hands.", vec![]),
        ("She had six visits for the knee.", vec![]),
        ("Nothing is rubbed on the knee; the gel is worn.", vec![]),
        (
            "The gel is worn at work; it is for the left hand, but not for the neck.",
            vec!["upper-extremity/hand"],
        ),
        // Where nothing ties a part to the request, the part that the patient complains of.
        ("The patient complained of pain in the neck.", vec!["spine/cervical"]),
        (
            "He has numbness of the neck and one shoulder. Gels may help.",
            vec!["spine/cervical", "upper-extremity/shoulder"],
        ),
        ("A gel would spare the operated knee.", vec!["lower-extremity/knee"]),
        ("There is pain in the neck, both knees and the hands.", vec![]),
        ("She has neck pain. Her knee is sore.", vec![]),
        ("She has neck pain, but her knee had healed.", vec!["spine/cervical"]),
        ("He has neck pain. The request does not specify a body part.", vec![]),
        ("In patients with knee pain gels do well.", vec![]),
        ("His neck pain of 2011 was treated two years ago.", vec![]),
        ("She is in pain, depressed and sleepless.", vec![]),
        ("The neck hurts. The gel is asked for.", vec![]),
    ] {
        assert_eq!(of(rationale), regions, "{rationale}");
    }
}

#[test]
fn regions_that_a_rationale_only_mentions() {
    let of = |rationale: &str| {
        let item = Item { rationale: Some(rationale.to_owned()), ..item("Diclofenac gel") };
        paths(&classifier().item(&item, &mut Vec::new()).regions).len()
    };
    for rationale in [
        "The gel was not prescribed for the neck.",
        "There is no record that the gel was prescribed for the neck.",
        "Her husband has knee pain.",
        "The gel was wanted because his wife has a painful hip.",
        "The gel was prescribed for pain by a knee surgeon.",
        "The gel was requested for the patient by the hand clinic.",
        "Dr. Foot writes that she has pain.",
        "Diclofenac gel is wrong for his kidneys.",
        "Two years ago the gel was started for a wrist fracture that healed.",
        "He slept well prior to his knee injury.",
        "He uses a cane in his left hand because of pain.",
        "On the one hand she sleeps poorly with pain.",
        "She cannot stand on her feet for long.",
        "The patient's neck pain is gone.",
        "He is right-hand dominant and in pain.",
        "The patient had neck pain that resolved.",
        "He had forty visits for his neck under an older claim.",
        "She takes it daily for two years since her shoulder surgery.",
        "The other request concerns the right shoulder; this one is for gel.",
        "An x-ray was taken to evaluate the hip.",
    ] {
        assert_eq!(of(rationale), 0, "{rationale}");
    }
    for rationale in [
        "In May the patient has knee pain.",
        "The patient has had elbow pain since May 2014.",
        "She has neck pain with no radiation.",
        "The patient has elbow pain and can work.",
    ] {
        assert_eq!(of(rationale), 1, "{rationale}");
    }
}

#[test]
fn regions_that_are_named_at_all_count_where_no_other_is() {
    let of = |title: &str, rationale: &str| {
        let item = Item { rationale: Some(rationale.to_owned()), ..item(title) };
        paths(&classifier().item(&item, &mut Vec::new()).regions).join(" ")
    };
    let course = "Physical therapy x 6";
    for (rationale, region) in [
        ("The repair of the cuff of the shoulder goes ahead.", "upper-extremity/shoulder"),
        ("Her knee was operated on in May. The knee bends well.", "lower-extremity/knee"),
        ("ODG gives nine visits for the knee. Six are asked.", ""),
        ("The knee bends well. The elbow too. So does the neck.", ""),
        ("Her lungs are clear. Six are asked.", ""),
        ("The previous visits were for the knee.", ""),
        ("Machines were studied after surgery on shoulders and knees.", ""),
        ("He walks 150 feet indoors.", ""),
    ] {
        assert_eq!(of(course, rationale), region, "{rationale}");
        assert_eq!(of("Norco 10/325mg #60", rationale), "", "{rationale}");
    }
}

#[test]
fn a_reviewer_who_finds_the_denial_s_guidelines_right_cites_the_same() {
    let field = |text: &str| Some(text.to_owned());
    let read = |reviewer: &str| {
        let item = Item {
            claims_guideline: field("Decision based on MTUS Knee Complaints 2004."),
            reviewer_guideline: field(reviewer),
            ..item("Brace")
        };
        let read = classifier().item(&item, &mut Vec::new());
        let cited = read.reviewer_guidelines.into_iter();
        cited.map(|citation| citation.found.path).collect::<Vec<_>>().join(" ")
    };
    let same = "The Expert Reviewer found the guidelines used by the Claims Administrator";
    assert_eq!(read(&format!("{same} relevant and appropriate.")), "mtus/acoem/knee");
    assert_eq!(
        read(&format!("{same} relevant, and based the decision on the ODG, Knee Chapter.")),
        "mtus/acoem/knee odg/knee-leg"
    );
    for differs in [
        format!("{same} not relevant and based the decision on a textbook."),
        format!("{same} relevant").replace("found", "did not find"),
    ] {
        assert!(!read(&differs).contains("mtus"), "{differs}");
    }
}

fn cited(field: &str) -> Vec<String> {
    let citations = classifier().guidelines.read(field, &[]);
    citations.into_iter().map(|citation| citation.found.path).collect()
}

#[test]
fn topics_of_chapters() {
    let outside = "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG)";
    let schedule = "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s):";
    for (field, paths, topics) in [
        (
            format!("{schedule} NSAIDs, GI symptoms & cardiovascular risk, Braces."),
            &["mtus/chronic-pain"][..],
            &["NSAIDs, GI symptoms & cardiovascular risk", "Braces"][..],
        ),
        (
            format!("{schedule} 3.1 Gels, and their use, 3.2.1 Braces: Weaning, slow, and 4.1 Oils."),
            &["mtus/chronic-pain"],
            &["3.1 Gels, and their use", "3.2.1 Braces: Weaning, slow", "4.1 Oils"],
        ),
        (format!("{outside} Knee & Leg (updated 1/2/16): Braces."), &["odg/knee-leg"], &["Braces"]),
        (format!("{outside} Knee and Leg (Leg braces (LB))."), &["odg/knee-leg"], &["Leg braces (LB)"]),
        (
            format!("{outside} Low Back (Lumbar and Thoracic, Acute) Chapter, Gels (hot, cold)."),
            &["odg/low-back"],
            &["Gels (hot, cold)"],
        ),
        (format!("{outside} Knee section, Braces; ODG Shoulder, Slings."), &["odg/knee-leg", "odg/shoulder"], &["Braces", "Slings"]),
        (
            format!("{outside} Shoulder, Slings and ODG Sling Guidelines."),
            &["odg/shoulder", "odg/unspecified"],
            &["Slings"],
        ),
        (format!("{outside} Shoulder, Slings, ODG sling guidelines."), &["odg/shoulder"], &["Slings"]),
        (format!("{outside} Low Back Chapter, Knee brace."), &["odg/low-back"], &["Knee brace"]),
        (format!("{outside} Low Back, Gels; Knee, Pads."), &["odg/low-back", "odg/knee-leg"], &["Gels", "Pads"]),
        (format!("{outside} Pain Chapter, Medical foods."), &["odg/pain"], &["Medical foods"]),
        (format!("{outside} Low Back (updated 1/2/16, Braces, Gels."), &["odg/low-back"], &["Braces", "Gels"]),
        // Another publication, its author and what a sentence says are no topics.
        (
            format!("{outside} Knee & Leg, Braces; Academy of Bracing, Treatment of knees, 2nd edition."),
            &["odg/knee-leg", "other-evidence"],
            &["Braces"],
        ),
        (
            format!("{outside} Low Back, Gels (hot), and Baker R. Of gels. J Gel Med 2008."),
            &["odg/low-back", "other-evidence"],
            &["Gels (hot)"],
        ),
        (
            format!("{outside} Low Back, Gels, Baker R, et al. Spine J 2012."),
            &["odg/low-back", "other-evidence"],
            &["Gels"],
        ),
        (
            format!("{schedule} Home health services Page(s): 51, and the Medicare Manual, Chapter 7."),
            &["mtus/chronic-pain", "other-evidence"],
            &["Home health services"],
        ),
        (
            format!("{outside} Knee & Leg, Gel injections and American Academy of Bracing, 2010."),
            &["odg/knee-leg", "other-evidence"],
            &["Gel injections"],
        ),
        ("Not applicable.".to_owned(), &["none-cited"], &[]),
        (
            "Decision based on MTUS Knee Complaints 2004, Section(s): Braces, and ODG Shoulder, Slings."
                .to_owned(),
            &["mtus/acoem/knee", "odg/shoulder"],
            &["Braces", "Slings"],
        ),
    ] {
        let read = classifier().guidelines.read(&field, &[]);
        let cited: Vec<&str> = read.iter().map(|citation| citation.found.path.as_str()).collect();
        let named: Vec<&str> = read.iter().flat_map(|c| &c.topics).map(String::as_str).collect();
        assert_eq!((&*cited, &*named), (paths, topics), "{field}");
    }
    let read = classifier()
        .guidelines
        .read("Decision based on MTUS Knee Complaints 2004, Section(s): 326.", &[]);
    assert_eq!((&read[0].topics[..], &read[0].pages[..]), (&[][..], &["326".to_owned()][..]));
}

#[test]
fn guideline_fields() {
    for (field, expected) in [
        ("Decision based on MTUS Acupuncture Treatment Guidelines.", vec!["mtus/acupuncture"]),
        (
            "Decision based on ACOEM Chapter 12 Low Back Complaints Page(s): 30.",
            vec!["mtus/acoem/low-back"],
        ),
        (
            "Decision based on MTUS Forearm, Wrist, & Hand Complaints 2004, Section(s): NSAIDs, and Knee Complaints 2004.",
            vec!["mtus/acoem/forearm-wrist-hand", "mtus/acoem/knee"],
        ),
        (
            "The Expert Reviewer looked outside the MTUS. Decision based on Non-MTUS Citation ODG Knee.",
            vec!["odg/knee-leg"],
        ),
        (
            "Decision based on MTUS Knee Complaints, Slings. Decision based on Non-MTUS Citation ODG, Knee & Leg Chapter, Braces; Pain, Gels.",
            vec!["mtus/acoem/knee", "odg/knee-leg"],
        ),
        ("Decision based on Non-MTUS Citation A Textbook of Braces.", vec!["other-evidence"]),
        (
            "Decision based on Non-MTUS Citation Infectious Diseases Chapter: Needles; Braun K, et al. A Journal of Needles.",
            vec!["odg/infectious-diseases", "other-evidence"],
        ),
        (
            "Decision based on MTUS Knee Complaints 2004; AAOS Clinical Practice Guideline on braces.",
            vec!["mtus/acoem/knee", "other-evidence"],
        ),
        (
            "Decision based on Non-MTUS Citation ODG Knee Chapter, Gels; Braun K, Dermatol Surg 2014;40:817-24.",
            vec!["odg/knee-leg", "other-evidence"],
        ),
        (
            "Decision based on Non-MTUS Citation Doe J, et al. Braces. And Official Disability Guidelines (ODG) Knee.",
            vec!["odg/knee-leg", "other-evidence"],
        ),
        (
            "Decision based on MTUS Knee Complaints 2004, Section(s): Tests, and Eye 2004.",
            vec!["mtus/acoem/knee", "mtus/acoem/eye"],
        ),
        (
            "It relied on the ACOEM guidelines, Chapter 7, which is not part of the MTUS.",
            vec!["acoem"],
        ),
        (
            "It relied on ACOEM, Chapter 9, which is part of the MTUS, and on the ODG, Shoulder, which is not part of the MTUS.",
            vec!["mtus/acoem/shoulder", "odg/shoulder"],
        ),
        (
            "It relied on Knee Complaints, and on ACOEM, 3rd edition, which is not part of the MTUS.",
            vec!["mtus/acoem/knee", "acoem"],
        ),
        (
            "It relied on the Elbow Disorders Chapter (ACOEM, Chapter 10), and the ODG, Elbow, which is not part of the MTUS.",
            vec!["mtus/acoem/elbow", "odg/elbow"],
        ),
        ("It used the ODG, which is not part of the MTUS, Low Back Chapter.", vec!["odg/low-back"]),
        ("The Expert Reviewer based this on the MTUS.", vec![]),
        (
            "No section of the MTUS was found. The Expert Reviewer based this on the academy's book, not part of the MTUS.",
            vec!["other-evidence"],
        ),
        ("The side did not provide any evidence-based basis.", vec!["none-cited"]),
        ("The Expert Reviewer did not cite any study for this.", vec!["none-cited"]),
        ("Something else altogether.", vec![]),
    ] {
        assert_eq!(cited(field), expected, "{field}");
    }
}

#[test]
fn citations_keep_year_topics_and_pages() {
    let read = classifier().guidelines.read(
        "Decision based on MTUS Chronic Pain Treatment Guidelines Needle lore Page(s): 60, 63-64.",
        &[],
    );
    assert_eq!(read[0].topics, ["Needle lore"]);
    assert_eq!(read[0].pages, ["60", "63-64"]);
    let read = classifier()
        .guidelines
        .read("Decision based on MTUS Knee Complaints 2004, Section(s): Tests, Summary.", &[]);
    assert_eq!(read[0].year, Some(2004));
    assert_eq!(read[0].topics, ["Tests", "Summary"]);
}

#[test]
fn states_by_their_postal_codes() {
    let mut warnings = Vec::new();
    let found =
        classifier().states.read("CA, OH, Washington DC, XY", "state-unknown", &mut warnings);
    assert_eq!(paths(&found), ["california", "ohio", "district-of-columbia"]);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn specialties_split_where_the_whole_is_no_name() {
    let mut warnings = Vec::new();
    let printed = "Physical Medicine & Rehabilitation, Chiropractic & Acupuncture, Sports Medicinee, Wizardry";
    let classifier = classifier();
    let found = classifier.specialties.read(printed, "specialty-unknown", &mut warnings);
    assert_eq!(
        paths(&found),
        [
            "physical-medicine-rehabilitation",
            "chiropractic",
            "acupuncture-oriental-medicine",
            "sports-medicine"
        ]
    );
    assert_eq!(warnings.len(), 1);
}

#[test]
fn typing_slips_are_seen_through_where_nothing_else_is_known() {
    assert_eq!(paths(&facets("Diazempam 5mg #30").treatments), ["pharmaceutical/benzodiazepine"]);
    assert_eq!(
        paths(&facets("Accupuncture for the neck").treatments),
        ["rehabilitation/acupuncture"]
    );
}

#[test]
fn a_service_of_surgery_leaves_open_what_it_is() {
    assert_eq!(
        paths(&facets("Pre-operative scan").treatments),
        ["surgery/adjunct", "diagnostic/imaging"]
    );
}
