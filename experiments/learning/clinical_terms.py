"""Terms of clinical notes by semantic type, for experiments: a stand-in for UMLS, written here."""

from __future__ import annotations

from typing import Final

_LISTED: Final = {
    "drug": """
        acetaminophen albuterol allopurinol alprazolam amiodarone amitriptyline amlodipine
        amoxicillin ampicillin aspirin atenolol atorvastatin azithromycin baclofen bupropion
        captopril carbamazepine carvedilol ceftriaxone celecoxib cephalexin ciprofloxacin
        citalopram clindamycin clonazepam clonidine clopidogrel codeine coumadin cyclobenzaprine
        darvocet diazepam diclofenac digoxin diltiazem diphenhydramine doxycycline enalapril
        epinephrine erythromycin escitalopram esomeprazole estradiol famotidine fentanyl
        ferrous|sulfate fluconazole fluoxetine fluticasone furosemide gabapentin glipizide
        glucophage glyburide heparin hydrochlorothiazide hydrocodone hydrocortisone hydroxyzine
        ibuprofen imipramine insulin ipratropium isosorbide ketorolac lansoprazole lasix
        levofloxacin levothyroxine lidocaine lipitor lisinopril lithium loratadine lorazepam
        losartan lovastatin meclizine metformin methadone methotrexate methylprednisolone
        metoclopramide metoprolol metronidazole montelukast morphine naproxen nifedipine
        nitroglycerin norvasc olanzapine omeprazole ondansetron oxycodone pantoprazole paroxetine
        penicillin percocet phenobarbital phenytoin plavix potassium|chloride pravastatin
        prednisone prilosec promethazine propranolol protonix quetiapine ramipril ranitidine
        risperidone sertraline sildenafil simvastatin spironolactone sulfa synthroid tamoxifen
        tamsulosin temazepam topiramate tramadol trazodone tylenol valium vancomycin venlafaxine
        verapamil vicodin warfarin xanax zocor zofran zoloft zolpidem
    """,
    "disease": """
        abscess adenocarcinoma alzheimer anemia aneurysm angina anxiety|disorder appendicitis
        arrhythmia arthritis asthma atherosclerosis atrial|fibrillation bipolar|disorder
        bronchiolitis bronchitis bursitis cancer carcinoma cardiomyopathy carpal|tunnel|syndrome
        cataract cellulitis cerebrovascular|accident cholecystitis cholelithiasis cirrhosis
        colitis conjunctivitis congestive|heart|failure coronary|artery|disease croup
        deep|venous|thrombosis degenerative|disc|disease dementia depression dermatitis diabetes
        mellitus diverticulitis dyslipidemia eczema embolism emphysema endometriosis epilepsy
        esophagitis fibromyalgia gastritis gastroenteritis gastroesophageal|reflux|disease
        glaucoma glioma gout hemorrhoids hepatitis hernia human|immunodeficiency|virus
        hypercholesterolemia hyperlipidemia hypertension hyperthyroidism hypoglycemia
        hypothyroidism infarction influenza ischemia kidney|stones leukemia lupus lymphoma
        melanoma meningitis migraine multiple|sclerosis myocardial|infarction neuropathy
        obesity obstructive|pulmonary|disease obstructive|sleep|apnea osteoarthritis osteomyelitis
        osteoporosis otitis|media pancreatitis parkinson peptic|ulcer|disease
        peripheral|vascular|disease pharyngitis pneumonia psoriasis pyelonephritis
        renal|insufficiency rheumatoid|arthritis rhinitis scoliosis seizure|disorder sepsis
        sinusitis spinal|stenosis stroke syncope tachycardia tendinitis tonsillitis tuberculosis
        urinary|tract|infection urticaria vertigo
    """,
    "sign": """
        abdominal|pain anorexia apnea arthralgia ataxia bleeding blurred|vision bradycardia
        bruising chest|pain chills congestion constipation cough cramping cyanosis diaphoresis
        diarrhea diplopia discharge dizziness drainage dysphagia dyspnea dysuria ecchymosis edema
        epistaxis erythema fatigue fever frequency headache heartburn hematemesis hematochezia
        hematuria hemoptysis hoarseness hypotension incontinence insomnia irritability itching
        jaundice lethargy lightheadedness malaise melena myalgia nausea nocturia numbness
        orthopnea pallor palpitations paresthesia photophobia polydipsia polyuria pruritus rash
        rhinorrhea rigidity shortness|of|breath soreness spasm stiffness swelling tenderness
        tingling tinnitus tremor urgency vomiting weakness weight|loss wheezing
    """,
    "procedure": """
        amputation angiogram angioplasty appendectomy arthroplasty arthroscopy aspiration biopsy
        bronchoscopy bypass|graft cardiac|catheterization cesarean|section chemotherapy
        cholecystectomy circumcision colectomy colonoscopy craniotomy cystoscopy debridement
        decompression dialysis discectomy echocardiogram electrocardiogram endoscopy excision
        fusion hemorrhoidectomy hernia|repair hysterectomy immunization incision intubation
        laminectomy laparoscopy laparotomy ligation lithotripsy lumpectomy mammogram mastectomy
        mri nephrectomy oophorectomy open|reduction|internal|fixation pacemaker physical|therapy
        prostatectomy radiation radiograph resection rhinoplasty splenectomy stent|placement
        thoracotomy thyroidectomy tonsillectomy adenoidectomy tracheostomy transfusion
        transplantation tubal|ligation ultrasound vaccination vasectomy x-ray
    """,
    "anatomy": """
        abdomen adenopathy ankle aorta artery axilla biceps bladder bowel bronchus calf cardiac
        cardiovascular cartilage cerebellum cervical|spine chest|wall clavicle colon conjunctiva
        cornea cranial|nerves deltoid diaphragm elbow endocrine epigastric esophagus extremities
        femur forearm gallbladder gastrointestinal genitalia genitourinary groin gums heart heel
        hematologic hip intestine joints kidney knee larynx ligament liver lumbar|spine lung lymph
        mandible meniscus mucous|membranes musculoskeletal neurologic nostrils oropharynx ovary
        pancreas pelvis perineum peripheral|pulses pharynx prostate psychiatric pulmonary pupils
        quadriceps rectum respiratory retina ribs rotator|cuff sacrum scalp sclera scrotum
        shoulder sinus skin skull spleen sternum stomach tendon testicle thigh thorax throat
        thyroid tibia tongue trachea tympanic|membranes ureter urethra uterus vagina ventricle
        vertebra wrist
    """,
    "person": """
        African|American alcohol aunt brother caffeine Caucasian children cigarettes cocaine
        deceased denies|tobacco divorced drinker drugs|illicit employed father female
        gentleman girlfriend grandfather grandmother grandparents Hispanic household husband
        lives|alone male marijuana married mother newborn nonsmoker occupation pack-year parents
        patient pregnant recreational|drugs retired separated sibling single sister smoker
        smoking|history spouse tobacco toddler uncle unemployed widow widowed wife
        year-old|female year-old|male
    """,
}

CLINICAL_TERMS: Final = {
    type_: tuple(term.replace("|", " ") for term in listed.split())
    for type_, listed in _LISTED.items()
}
"""Type -> terms."""
